"""The named-entity model: a tokenizer and word features made for chat, and a small spaCy pipeline trained by `ner/`."""
