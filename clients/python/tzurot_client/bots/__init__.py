"""What bots of any platform need beside the calls: who shows an answer, and what is listened to."""
