"""Texts that are sent as they are: for sets without letters, and for hands that are in a hurry."""

from prs.errors import N_

# Named in links by the key, which therefore stays; each must be a message that its reader understands by itself.
TEXTS = {
    "call_me": N_("Please call me back."),
    "later": N_("I will call you back."),
    "meeting": N_("I am in a meeting."),
    "coming": N_("I am on my way."),
    "thanks": N_("Thank you."),
    "yes": N_("Yes."),
    "no": N_("No."),
}
