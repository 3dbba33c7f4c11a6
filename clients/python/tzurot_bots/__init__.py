"""What bots of any platform share.

Who shows an answer, when and in how many messages; what a message refers to; what is listened to;
a dialogue's view as a text.
"""
