"""Text as the worst of phone books, phones and applications would send it."""

from hypothesis import strategies as st

KNOWN = (
    "",
    " ",
    "   \t\n ",
    "a&b+c#d",
    'AT&T <Helpdesk> "24/7"',
    "<script>alert(1)</script>",
    "]]>",
    "<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>&y;",
    "{{ 7*7 }}{% raw %}",
    "%s {count} {0.__class__}",
    "\x00\x01\x08\x0b\x0c\x1f\x7f\x9f",
    "\ufffe\uffff\ud800"[:2],
    "\u202eevil\u202c",
    "\u2028\u2029line",
    "👨‍👩‍👧‍👦🏳️‍🌈👍🏽",
    "e" + "\u0301" * 500,
    "محمد بن عبد الله",
    "שלום עולם",
    "李小龙",
    "ﷺ" * 50,
    "ABC" * 4000,
    "ก็ที่นี่",
    "İıſß",
    "..//..\\..",
    "\u200d" * 100,
)

TEXT = st.one_of(
    st.sampled_from(KNOWN),
    st.text(max_size=200),
    st.text(alphabet=st.characters(categories=["Cc", "Cf", "Mn", "Me", "Zl", "Zp", "So", "Lo"]), max_size=120),
)
