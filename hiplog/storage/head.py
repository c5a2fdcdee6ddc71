"""The schema's newest revision, apart from the database library, which the first paint does without."""

HEAD = "0007"
