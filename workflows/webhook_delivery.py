"""A delivery to a webhook: written down first, then sent, and tried again with growing gaps."""

from enum import StrEnum, auto

from workflows.engine import Move, Party, StateRule, Workflow


class WebhookDeliveryState(StrEnum):
    """How far a delivery is."""

    waiting = auto()
    sending = auto()
    delivered = auto()
    failed = auto()


S = WebhookDeliveryState

WEBHOOK_DELIVERY = Workflow(
    name="webhook_delivery",
    states=WebhookDeliveryState,
    initial=S.waiting,
    rules={
        S.waiting: StateRule("waiting", Party.nobody),
        S.sending: StateRule("waiting", Party.nobody),
        S.delivered: StateRule("closed"),
        S.failed: StateRule("stuck", Party.nobody),
    },
    moves=(
        Move("claim", S.waiting, S.sending),
        Move("deliver", S.sending, S.delivered),
        # The claim ran out (a killed worker), or the other side did not take it.
        Move("retry", S.sending, S.waiting),
        Move("fail", S.sending, S.failed, reason=True),
        # Put off after a refusal; somebody knows that the other side is mended.
        Move("send_now", S.waiting, S.waiting),
        Move("send_again", S.failed, S.waiting),
        Move("send_again", S.delivered, S.waiting),
    ),
)
