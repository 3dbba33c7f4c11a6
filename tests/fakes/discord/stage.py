"""People and places of a fake Discord, and what people do there."""

from collections.abc import Iterable, Mapping
from secrets import token_urlsafe
from typing import Any

from tests.fakes.discord.commands import interaction_data, message_command_data
from tests.fakes.discord.controls import Answer, click_data, form_data
from tests.fakes.discord.gateway import GUILDS, Gateway
from tests.fakes.discord.interactions import COMMAND, COMPLETION, COMPONENT, FORM
from tests.fakes.discord.mentions import pinged
from tests.fakes.discord.message_payloads import interaction_of
from tests.fakes.discord.payloads import channel_of, guild_of
from tests.fakes.discord.platform import Platform, Terms
from tests.fakes.discord.posting import publish, remove, remove_many, rewrite
from tests.fakes.discord.state import (
    Channel,
    ChannelKind,
    Guild,
    Interaction,
    Message,
    Upload,
    User,
    Webhook,
    World,
)
from tests.fakes.discord.webhooks import announce
from tests.fakes.discord.wire import Json


class Stage:
    """Everything here takes effect at once; the events are queued to connected bots."""

    def __init__(self, terms: Terms) -> None:
        self.violations: list[str] = []
        """Requests that the real Discord would refuse, and wrong replies of the fake's own."""
        self.world = World()
        self.gateway = Gateway(self.world, terms.token, self.violations.append)
        self.platform = Platform(terms, self.world, self.gateway, self.violations)
        self.gateway.notify = self.platform.notify

    # People and places

    def add_guild(self, name: str = "The Meadow") -> Guild:
        """A server that the bot is a member of."""
        world = self.world
        guild = Guild(world.ids.next(), name, {one.id: one for one in (world.owner, world.bot)})
        world.guilds[guild.id] = guild
        data = guild_of(guild, world)
        self.gateway.dispatch("GUILD_CREATE", data, intent=GUILDS, guild=guild)
        return guild

    def add_channel(
        self, name: str, *, nsfw: bool = False, private: bool = False, guild: Guild | None = None
    ) -> Channel:
        """A text channel of this server; of the first one (made if there is none) by default."""
        guild = guild or self._first_guild()
        channel = Channel(
            self.world.ids.next(), ChannelKind.TEXT, name, guild, nsfw=nsfw, private=private
        )
        return self._add_place(channel, "CHANNEL_CREATE")

    def add_forum(self, name: str, *, nsfw: bool = False) -> Channel:
        """A forum of the first server; its posts are threads."""
        guild = self._first_guild()
        forum = Channel(self.world.ids.next(), ChannelKind.FORUM, name, guild, nsfw=nsfw)
        return self._add_place(forum, "CHANNEL_CREATE")

    def add_group(self, *people: User) -> Channel:
        """A group of people who write to each other without the bot."""
        group = Channel(self.world.ids.next(), ChannelKind.GROUP, "", recipient=people[-1])
        self.world.channels[group.id] = group
        return group

    def add_thread(self, name: str, parent: Channel) -> Channel:
        """A public thread below a text channel, or a post in a forum."""
        thread = Channel(
            self.world.ids.next(), ChannelKind.THREAD, name, parent.guild, parent=parent
        )
        return self._add_place(thread, "THREAD_CREATE")

    def add_user(self, name: str, display_name: str | None = None) -> User:
        """A person who shares no server with the bot yet."""
        person = User(self.world.ids.next(), name, display_name)
        self.world.users[person.id] = person
        return person

    def add_member(
        self, name: str, display_name: str | None = None, *, guild: Guild | None = None
    ) -> User:
        """A person on this server; on the first one (made if there is none) by default."""
        person = self.add_user(name, display_name)
        (guild or self._first_guild()).members[person.id] = person
        return person

    def add_webhook(self, channel: Channel, name: str, owner: User) -> Webhook:
        """A webhook that somebody else has made by hand."""
        hook = Webhook(self.world.ids.next(), token_urlsafe(48), name, channel, owner, None)
        self.world.webhooks[hook.id] = hook
        announce(self.platform, channel)
        return hook

    def remove_webhook(self, hook: Webhook) -> None:
        """What an administrator does who tidies up."""
        del self.world.webhooks[hook.id]
        announce(self.platform, hook.channel)

    # What people do

    def say(
        self, author: User, channel: Channel, text: str, *, reply_to: Message | None = None
    ) -> Message:
        """A person writes in a channel, perhaps as a reply."""
        message = Message(
            self.world.ids.next(),
            channel,
            author,
            author.display_name or author.name,
            reply_to=reply_to,
        )
        message.write(text, pinged(text, None, message.answers.id if message.answers else None))
        publish(self.platform, message)
        return message

    def direct_message(
        self, author: User, text: str, *, reply_to: Message | None = None
    ) -> Message:
        """A person writes to the bot itself."""
        return self.say(author, self.direct_channel(author), text, reply_to=reply_to)

    def direct_channel(self, person: User) -> Channel:
        """Where this person and the bot write to each other."""
        return self.world.direct_channel(person)

    def delete(self, message: Message) -> None:
        """The message disappears."""
        remove(self.platform, message)

    def delete_many(self, messages: Iterable[Message]) -> None:
        """A moderator deletes messages of one channel at once."""
        remove_many(self.platform, list(messages))

    def edit(self, message: Message, text: str) -> None:
        """Its author gives the message other words."""
        rewrite(self.platform, message, text)

    def unfold(self, message: Message) -> None:
        """Discord shows what a link in the message leads to: an update that nobody has written."""
        self.gateway.dispatch_message("MESSAGE_UPDATE", message)

    def redispatch(self, message: Message) -> None:
        """MESSAGE_CREATE of a message once more, as happens after a resume."""
        self.gateway.dispatch_message("MESSAGE_CREATE", message)

    def slash(
        self,
        author: User,
        channel: Channel,
        command: str,
        options: Mapping[str, Any] | None = None,
        *,
        by_person: bool = False,
    ) -> Interaction:
        """A person sends a registered command ("chat", or "history clear" for a subcommand).

        `by_person`: only that person has installed the application there.
        Raises LookupError for a command or option that the bot has not registered, TypeError for
        a value of another type.
        """
        data = interaction_data(self.world, command, options or {})
        interaction = Interaction(*self._identity(), COMMAND, author, channel, data)
        interaction.by_person = by_person
        return self._interact(interaction)

    def use_on(self, author: User, message: Message, command: str) -> Interaction:
        """A person chooses a command in a message's menu. LookupError if there is none."""
        data = message_command_data(self.world, message, command)
        return self._interact(
            Interaction(*self._identity(), COMMAND, author, message.channel, data)
        )

    def complete(
        self,
        author: User,
        channel: Channel,
        command: str,
        typed: Mapping[str, Any],
    ) -> Interaction:
        """A person is typing the last of `typed` and is shown completions for it."""
        data = interaction_data(self.world, command, typed, focused=list(typed)[-1])
        return self._interact(Interaction(*self._identity(), COMPLETION, author, channel, data))

    def attach(self, name: str, content: bytes, *, told_size: int | None = None) -> Upload:
        """A file to be given to a command or a form; `told_size` is what Discord says of it."""
        identity = str(self.world.ids.next())
        path = f"/attachments/{self.world.application_id}/{identity}/{name}"
        self.world.files[path] = ("application/octet-stream", content)
        size = len(content) if told_size is None else told_size
        url = self.platform.cdn_base + path
        return Upload(
            {"id": identity, "filename": name, "size": size, "url": url, "proxy_url": url}
        )

    def click(self, author: User, message: Message, label: str) -> Interaction:
        """A person presses the button with this label. LookupError if there is none."""
        return self._use(author, message, click_data(message, label))

    def choose(self, author: User, message: Message, label: str) -> Interaction:
        """A person chooses the option with this label in one of the selects. As `click`."""
        return self._use(author, message, click_data(message, label, option=True))

    def forge(self, author: User, message: Message, custom_id: str) -> Interaction:
        """Somebody lets Discord send a click on a button that nobody has drawn so."""
        return self._use(author, message, {"custom_id": custom_id, "component_type": 2})

    def submit(self, opened: Interaction, answers: Mapping[str, Answer]) -> Interaction:
        """The person sends the form that `opened` was answered with, filled in by labels.

        What is not named stays as it was prefilled.
        """
        assert opened.modal
        data = form_data(opened.modal, answers)
        return self._use(opened.author, opened.message, data, FORM)

    def _use(
        self, author: User, message: Message | None, data: Json, kind: int = COMPONENT
    ) -> Interaction:
        assert message
        identity, token = self._identity()
        return self._interact(
            Interaction(identity, token, kind, author, message.channel, data, message)
        )

    def _identity(self) -> tuple[int, str]:
        return self.world.ids.next(), token_urlsafe(96)

    def _interact(self, interaction: Interaction) -> Interaction:
        self.world.interactions[interaction.token] = interaction
        data = interaction_of(interaction, self.world)
        self.gateway.dispatch_interaction(data, interaction.channel.guild)
        return interaction

    def _first_guild(self) -> Guild:
        return next(iter(self.world.guilds.values()), None) or self.add_guild()

    def _add_place(self, channel: Channel, event: str) -> Channel:
        self.world.channels[channel.id] = channel
        data: Json = channel_of(channel)
        self.gateway.dispatch(event, data, intent=GUILDS, guild=channel.guild)
        return channel
