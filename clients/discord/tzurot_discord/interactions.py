"""What happens when somebody uses a command, a button, a select or a form.

Read `Interactions.receive`. Nothing is kept between two interactions: a control's id says all, so
a restart changes nothing. Who may do what is the server's decision.
"""

import logging
from dataclasses import replace

import discord
from discord import InteractionType, app_commands

from tzurot_bots.wholes import asked_texts, whole
from tzurot_client import Client, DeadlineExceeded, TzurotError
from tzurot_client.gen.tzurot.flow.v1 import (
    CompleteFlowArgumentRequest,
    Flow,
    FlowAnswer,
    FlowState,
    StartFlowRequest,
)
from tzurot_client.gen.tzurot.session.v1 import Place
from tzurot_discord import chat, cues, errors, flows, forms, learnt
from tzurot_discord.catalogue import choices_for
from tzurot_discord.commands import OWN, Commands
from tzurot_discord.conversations import Conversations
from tzurot_discord.custom_ids import Control, Step, Verb
from tzurot_discord.display import Display, Now
from tzurot_discord.files import FileRefused, carry
from tzurot_discord.inputs import Click, Command, Form
from tzurot_discord.outgoing import refusals_logged
from tzurot_discord.screens import draw
from tzurot_discord.stages import Stages
from tzurot_discord.subjects import interaction_place, request_id, subject_of

HELP = "help"
COMPLETION_SECONDS = 2.0  # Discord waits 3
FORM_SECONDS = 2.0  # a form must be the first response
MAX_TYPED = 100  # characters; the contract's limit
WORTH_KEEPING = 100  # characters: a text so long is handed back where it could not be taken

log = logging.getLogger(__name__)

Interaction = discord.Interaction[discord.Client]


class Interactions:
    """The way in for commands and controls."""

    def __init__(
        self,
        commands: Commands,
        conversations: Conversations,
        stages: Stages,
        now: Now,
    ) -> None:
        self.tzurot = commands.tzurot
        self._commands = commands
        self._chat = chat.Chat(conversations, stages)
        self._cues = cues.Cues(conversations, stages)
        self._conversations = conversations
        self._now = now
        self._flows = flows.Flows(stages.ids)

    async def post(self, message: discord.Message, path: str, place: Place, person: Client) -> bool:
        """Begin a flow below a message that calls for one; whether that could be done."""
        asked = request_id("message", message.id)
        try:
            request = _starting(path, asked, place)
            flow, notice = await flows.start(request, (), person)
        except TzurotError as refused:
            log.warning("no flow for a message: %s", refused.reason.name)
            return False
        screen = draw(flow, self._flows.ids, notice)
        await message.channel.send(
            embeds=screen.embeds,
            view=screen.view(),
            nonce=str(message.id),  # two instances say it once
        )
        return True

    async def receive(self, interaction: Interaction) -> None:
        """Answer it; whatever fails is one sentence to the person."""
        person = self.tzurot.acting_for(subject_of(interaction.user))
        with refusals_logged(), self._conversations.answering():
            if interaction.type is InteractionType.autocomplete:
                await _complete(interaction, person)
                return
            display = Display(interaction, self._now)
            try:
                await self._answer(interaction, display, person)
            except TzurotError as refused:
                log.warning("no answer: %s %s", refused.status.name, refused.reason.name)
                await display.tell(errors.sentence_of_flow(refused))
            except FileRefused as refused:
                await display.tell(str(refused))

    async def _answer(self, interaction: Interaction, display: Display, person: Client) -> None:
        if self._conversations.closing:
            await display.tell(errors.RESTARTING)
            return
        match interaction.type:
            case InteractionType.application_command:
                await self._begin(interaction, display, person)
            case InteractionType.component:
                await self._clicked(interaction, display, person)
            case InteractionType.modal_submit:
                await self._sent(interaction, display, person)
            case _:
                pass

    async def _begin(self, interaction: Interaction, display: Display, person: Client) -> None:
        command = Command.model_validate(interaction.data)
        if command.name in chat.NAMES:
            request = await self._chat.take(interaction, command, person)
        elif command.name in cues.NAMES:
            request = await display.after(self._cues.take(interaction, command, person))
        else:
            asked = request_id("interaction", interaction.id)
            request = _starting(command.path, asked, interaction_place(interaction))
            request.arguments = command.arguments
        if not isinstance(request, str) and not await self._may(interaction, request.path):
            request = errors.NOT_A_MODERATOR
        if isinstance(request, str):
            if request:
                await display.tell(request)
            return
        begun = await display.after(flows.start(request, command.files, person))
        await self._flows.show(begun, display, person)

    async def _may(self, interaction: Interaction, path: str) -> bool:
        """Whether this person may go on with such a flow here and now, as Discord says."""
        moderates = interaction.permissions.manage_messages
        return moderates or not await self._commands.needs_moderator(path)

    async def _may_answer(self, interaction: Interaction, control: Control, person: Client) -> bool:
        if interaction.permissions.manage_messages or self._commands.moderated == set():
            return True
        flow = await flows.current(control.flow_id, person, seconds=FORM_SECONDS)
        return await self._may(interaction, flow.path)

    async def _clicked(self, interaction: Interaction, display: Display, person: Client) -> None:
        click = Click.model_validate(interaction.data)
        control = self._read(click.custom_id)
        option = Step.parse(click.values[0]) if click.values else None
        if control is None or (click.values and option is None):
            await display.tell(errors.NOT_MINE)
            return
        if control.step.verb in learnt.ACTIONS:
            await self._decide(interaction, control, display, person)
            return
        if not await self._may_answer(interaction, control, person):
            await display.tell(errors.NOT_A_MODERATOR)
            return
        if control.step.verb is Verb.CHOOSE and option is not None:
            control = replace(control, step=option)
        match control.step.verb:
            case Verb.ASK | Verb.CUT:
                await self._open_form(interaction, control, display, person)
            case Verb.READ | Verb.READ_ASKED:
                flow = await display.after(flows.current(control.flow_id, person))
                await display.hand(_text(flow, control), "text.txt")
            case _:
                shown = await display.after(_next(control, option, person))
                await self._show(shown, interaction, display, person)

    async def _decide(
        self, interaction: Interaction, control: Control, display: Display, person: Client
    ) -> None:
        """Say yes or no to what was learnt, in place of its line; once."""
        asked = request_id("interaction", interaction.id)
        flow, done = await display.after(learnt.decide(control, asked, person))
        if done:
            await display.tell(done)
        else:
            await self._flows.show((flow, ""), display, person)

    async def _open_form(
        self, interaction: Interaction, control: Control, display: Display, person: Client
    ) -> None:
        """Ask what the action asks. Nothing may be said before: a form can't follow that."""
        try:
            flow = await flows.current(control.flow_id, person, seconds=FORM_SECONDS)
        except DeadlineExceeded:
            await display.tell(errors.TRY_AGAIN)
            return
        action, ids = flows.action_of(flow, control), self._flows.ids
        if action is None or flow.state is not FlowState.OPEN:
            await self._flows.show((flow, errors.CHANGED), display, person)
        elif not forms.is_drawable(flow, action):
            await display.tell(errors.NOT_DRAWABLE)
        elif control.step.verb is Verb.ASK and forms.too_long(forms.asked(flow, action)):
            await display.show(forms.warning(flow, control.step, action, ids), [])
        else:
            await interaction.response.send_modal(forms.form(flow, control.step, action, ids))

    async def _sent(self, interaction: Interaction, display: Display, person: Client) -> None:
        form = Form.model_validate(interaction.data)
        control = self._read(form.custom_id)
        if control is None:
            await display.tell(errors.NOT_MINE)
            return
        if not await self._may_answer(interaction, control, person):
            await display.tell(errors.NOT_A_MODERATOR)
            return
        refused = True
        try:
            shown = await display.after(_submitted(control, form, person))
            await self._show(shown, interaction, display, person)
            refused = bool(shown[1])
        finally:
            if refused and (typed := _typed(form)):
                await display.hand(typed, "what-you-wrote.txt")

    async def _show(
        self, shown: flows.Shown, interaction: Interaction, display: Display, person: Client
    ) -> None:
        await self._flows.show(shown, display, person)
        flow, notice = shown
        if flow.view and flow.view.message_id and not notice:
            await self._cues.show_anew(interaction, flow.view.message_id, person)

    def _read(self, custom_id: str) -> Control | None:
        control = self._flows.ids.read(custom_id)
        if control is None:
            log.warning("refused a control that this bot has not made")
        return control


def _starting(path: str, asked: str, place: Place | None) -> StartFlowRequest:
    """The request for a flow; `help` is told what the bot does without one."""
    own = [one.told for one in OWN] if path == HELP else []
    return StartFlowRequest(path=path, request_id=asked, place=place, client_commands=own)


async def _next(control: Control, option: Step | None, person: Client) -> flows.Shown:
    match control.step.verb:
        case Verb.TAKE:
            return await flows.take(control, [], person)
        case Verb.ITEM if option is not None:
            return await flows.choose(control, option, person)
        case _:
            return await flows.current(control.flow_id, person), ""


async def _submitted(control: Control, form: Form, person: Client) -> flows.Shown:
    answers = forms.answers(form.values)
    for key, file in form.files.items():
        file_id = await carry(file, control.flow_id, person)
        answers.append(FlowAnswer(key=key, values=[file_id]))
    return await flows.take(control, answers, person)


async def _complete(interaction: Interaction, person: Client) -> None:
    command = Command.model_validate(interaction.data)
    key, typed = command.focused
    request = CompleteFlowArgumentRequest(path=command.path, key=key, typed=typed[:MAX_TYPED])
    try:
        if command.name in chat.NAMES:
            found = await chat.completions(person, typed, COMPLETION_SECONDS)
        else:
            answer = await person.flow.complete_flow_argument(request, timeout=COMPLETION_SECONDS)
            found = answer.choices
    except TzurotError as error:
        log.warning("no completion: %s", error.status.name)
        found = []
    await interaction.response.autocomplete(
        [app_commands.Choice(**choice) for choice in choices_for(found)]
    )


def _text(flow: Flow, control: Control) -> str:
    """What is handed out: all of the view, or what an action asks."""
    action = flows.action_of(flow, control) if control.step.verb is Verb.READ_ASKED else None
    return whole(flow) if action is None else asked_texts(forms.asked(flow, action))


def _typed(form: Form) -> str:
    """What was written at some length."""
    texts = [value for entered in form.values.values() for value in entered]
    return "\n\n".join(text for text in texts if len(text) >= WORTH_KEEPING)
