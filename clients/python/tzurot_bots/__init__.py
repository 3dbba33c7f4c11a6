"""What bots do without the library of their platform.

Who shows an answer, when and in how many messages; what a message refers to; what is listened to;
a dialogue's work and its view as a text; how what runs comes to its end; whom a proxy speaks for.
"""
