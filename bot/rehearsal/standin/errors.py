"""The refusals of the Bot API, in Telegram's own words.

The words matter: bots tell one refusal from another by them.
"""

from typing import Any


class ApiError(Exception):
    """A request that Telegram refuses; the description is its message."""

    def __init__(self, code: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def payload(self) -> dict[str, Any]:
        """The body of the answer, as the Bot API writes it."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(words: str) -> ApiError:
    """400: the request cannot be carried out as it is."""
    return ApiError(400, f"Bad Request: {words}")


def unauthorized() -> ApiError:
    """401: no bot has this token."""
    return ApiError(401, "Unauthorized")


def forbidden(words: str) -> ApiError:
    """403: the bot may not do this in this chat."""
    return ApiError(403, f"Forbidden: {words}")


def method_not_found() -> ApiError:
    """404: no such method."""
    return ApiError(404, "Not Found: method not found")


def not_found() -> ApiError:
    """404: the address is not one of the Bot API's."""
    return ApiError(404, "Not Found")


def other_poll() -> ApiError:
    """409: a newer long poll of the same bot has taken over."""
    return ApiError(
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    )


def webhook_active() -> ApiError:
    """409: updates go to a webhook, so they cannot be polled."""
    return ApiError(
        409,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    )


def too_large() -> ApiError:
    """413: the upload is over the limit."""
    return ApiError(413, "Request Entity Too Large")


def too_many_requests(retry_after: int) -> ApiError:
    """429: flood control; ``retry_after`` is in seconds."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})


def upgraded(new_chat_id: int) -> ApiError:
    """400: the group has become a supergroup with another id."""
    return ApiError(
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        {"migrate_to_chat_id": new_chat_id},
    )


def not_modified() -> ApiError:
    """400: an edit that changes nothing."""
    return bad_request(
        "message is not modified: specified new message content and reply markup are exactly the same "
        "as a current content and reply markup of the message"
    )


def query_too_old() -> ApiError:
    """400: the press is too old to be answered, or was never made."""
    return bad_request("query is too old and response timeout expired or query ID is invalid")
