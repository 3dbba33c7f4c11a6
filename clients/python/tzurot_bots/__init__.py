"""What bots of any platform share: who shows an answer, and what is listened to."""
