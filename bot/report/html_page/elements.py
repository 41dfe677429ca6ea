"""HTML as a tree: whatever people wrote can only ever become text or the value of an attribute. Pure."""

import re
from collections.abc import Iterable
from xml.etree import ElementTree as ET

Node = ET.Element | str
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""What HTML does not know as a character."""


def element(tag: str, /, *children: Node | Iterable[Node], **attributes: str | float | bool) -> ET.Element:
    """An element. ``class_`` names the attribute class, ``data_sort`` data-sort; ``True`` is one without a value."""
    made = ET.Element(tag)
    for name, value in attributes.items():
        if value is not False:
            made.set(name.strip("_").replace("_", "-"), "" if value is True else _clean(str(value)))
    for child in children:
        _append(made, child)
    return made


def document(root: ET.Element) -> bytes:
    """The whole file."""
    text = ET.tostring(root, encoding="unicode", method="html")
    return f"<!DOCTYPE html>\n{text}\n".encode()


def _append(parent: ET.Element, child: Node | Iterable[Node]) -> None:
    match child:
        case ET.Element():
            parent.append(child)
        case str():
            words = _clean(child)
            if len(parent):
                parent[-1].tail = (parent[-1].tail or "") + words
            else:
                parent.text = (parent.text or "") + words
        case _:
            for each in child:
                _append(parent, each)


def _clean(words: str) -> str:
    return _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", words)
