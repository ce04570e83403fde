"""What stops a source: said in words, with the place and the mend."""


class IngestError(Exception):
    """Something the user has to mend before the run can go on; its text says where and how."""


class FeedError(IngestError):
    """A feed could not be fetched. `status` is the HTTP status that said so, if one did."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status
