"""Reading office XML by local names: namespaces differ between transitional and strict files (ECMA-376 Part 1 and 4)."""

from __future__ import annotations

from lxml import etree


def parse(content: bytes) -> etree._Element:
    """The root of a document; entities stay unresolved, nothing is fetched. Raises `etree.XMLSyntaxError`."""
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False))


def local_name(element: etree._Element) -> str:
    """The element's name without its namespace; empty for comments and instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: etree._Element | None, key: str) -> str:
    """The attribute of that local name, or an empty string."""
    if element is None:
        return ""
    return next((str(value) for full, value in element.attrib.items() if str(full).rpartition("}")[2] == key), "")


def child(element: etree._Element | None, key: str) -> etree._Element | None:
    """The first child of that local name."""
    return None if element is None else next((part for part in element if local_name(part) == key), None)


def value(element: etree._Element | None, key: str) -> str:
    """The `val` of the child of that local name, or an empty string."""
    return attribute(child(element, key), "val")
