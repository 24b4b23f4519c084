"""Turns of phrase that say something about a reply, as patterns.

An embedding blurs exactly what matters most in a reply's tone: "sorry you feel that way" lies next
to "sorry that happened", and "you should have" next to "we should have". The cues name such turns
of phrase. None decides anything alone: they are inputs of the trained heads, beside the embedding,
and each is only counted as present or absent, so that saying a thing five times is saying it once.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

_FEELING = (
    r"(?:frustrat|upset|worr(?:y|ied|ying)|anxious|anxiety|ang(?:er|ry)|annoy|disappoint|stress|exhaust|"
    r"tir(?:ed|ing)\b|embarrass|scar(?:ed|y)\b|frighten|afraid|humiliat|awful|horrible|dreadful|miserabl|"
    r"gutt(?:ed|ing)|devastat|heartbr|lonely|grie[fv]|your\s+loss|pain(?:ful)?\b|nightmare|madden|infuriat|"
    r"fed\s+up|sick\s+of|unsettl|unfair|rotten|lous[ye]|stinks|sucks|grim\b|panic|shock(?:ing|ed)|distress|"
    r"sad(?:dening)?\b|let\s+down|nerve|dread|alarm|hurt|tough|rough|a\s+lot\s+(?:to|on)|overwhelm|helpless|"
    r"insult|ashamed|confus|excit|relie(?:f|ved)|mortif|galling|sinking|agoni[sz]|patronis|hard\s+(?:day|week|"
    r"month|year|time|enough|to\s+(?:hear|do|wait|deal))|(?:really|so|very|been|is|was|must\s+be)\s+hard\b)"
)
_DAY = (
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b|today|tonight|tomorrow|"
    r"this\s+(?:morning|afternoon|evening)|noon|midday|lunchtime|"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\s+\d|\d(?:st|nd|rd|th)\b|"
    r"\d\s*(?:am|pm|o'clock)\b|\d{1,2}[:.]\d\d\b|(?:by|at|before|until|till)\s+\d{1,2}\b"
)

# Names are stable: they are the columns of the stored heads. Apostrophes are straightened first.
PATTERNS: dict[str, str] = {
    "apology": r"\b(?:sorry|apolog\w+|my\s+bad|forgive)\b",
    "feeling": rf"\b{_FEELING}",
    "your_feeling": rf"\b(?:you(?:'re|'ve|r|\s+are|\s+were|\s+must|\s+have)?|that|it)\b[^.!?]{{0,30}}\b{_FEELING}",
    "validation": (
        r"makes?\s+(?:complete\s+|perfect\s+|total\s+)?sense|understandabl|no\s+wonder|any(?:one|body)\s+would|"
        r"i(?:'d|\s+would)\s+(?:be|feel|want|hate|not\s+want)\b|you(?:'re|\s+are)\s+(?:\w+\s+)?(?:right|entitled)|"
        r"(?:every|perfectly|good)\s+(?:right|reason)|(?:can|do)\s+see\s+(?:why|how)|fair\s+(?:point|enough|question)|"
        r"(?:not|n't|isn't)\s+(?:ok|okay|good\s+enough|right|fair|acceptable)\b|(?:not|never)\s+have\s+happened|"
        r"shouldn't\s+(?:have|be)|not\s+your\s+(?:fault|job|doing)|did\s+(?:nothing\s+wrong|everything\s+right|"
        r"all\s+the\s+right)|reasonable|of\s+course\s+you|rightly|no\s+way\s+to\s+(?:treat|spend|start)|deserve"
    ),
    "ownership": (
        r"\bour\s+(?:mistake|fault|mix-?up|error|end|doing|slip|side|job)|\bon\s+us\b|\bmy\s+(?:fault|mistake|job)|"
        r"\bwe(?:'ve|\s+have)?\s+(?:got\s+(?:it|that|this)\s+wrong|let\s+you|messed|dropped|should|failed|lost|"
        r"didn't|broke|kept\s+you|left\s+you|put\s+you|made\s+you|missed|sent\s+(?:you\s+)?the\s+wrong|charged|owe)|"
        r"down\s+to\s+(?:me|us)|\bi\s+should\s+have|that\s+was\s+(?:us|me)\b|nobody\s+(?:rang|called|told|wrote|got)"
    ),
    "commitment": (
        r"\bi(?:'ll|\s+will|'m\s+going\s+to|\s+am\s+going\s+to|'m\s+(?:now\s+)?\w+ing\b)|\blet\s+me\b|\bleave\s+it\s+"
        r"with\s+me|\bi(?:'ve|\s+have)\s+(?:just\s+|now\s+|already\s+)?(?:\w+ed|put|sent|got|set|made|found|"
        r"spoken|written)\b|\bi\s+(?:can|could)\s+(?:\w+)"
    ),
    "done": (
        r"\bi(?:'ve|\s+have|\s+just)?\s+(?:just\s+|now\s+|already\s+)?(?:refunded|booked|sent|moved|cancell?ed|"
        r"asked|added|changed|put|reserved|rung|called|rang|released|credited|waived|stopped|marked|held|set|"
        r"paid|fixed|checked|found|removed|emailed|ordered|spoken|signed)\b|\bdone\b|\ball\s+set\b|\bsorted\b"
    ),
    "put_off": (
        r"\bi(?:'ll|\s+will|\s+can)\s+(?:just\s+)?(?:check|ask|look|see|find\s+out|try|get\s+back|come\s+back|pass|"
        r"let\s+you\s+know|forward|raise|speak|do\s+(?:my|what))|let\s+me\s+(?:check|look|ask|see|find)|look(?:ing)?\s+"
        r"into|bear\s+with|one\s+(?:moment|sec)|hang\s+on|we(?:'ll|\s+will)\s+(?:get\s+back|let\s+you|look|be\s+in)"
    ),
    "follow_up": (
        r"myself|personally|stay\s+(?:with|on)|i'll\s+(?:ring|call|text|message|write|update|e?-?mail|check|keep|"
        r"chase|watch|let\s+you\s+know|come\s+back|be\s+here)|until\s+(?:it|you|this|that)"
    ),
    "negated_empathy": (
        rf"(?:don't|do\s+not|didn't|can't|couldn't|cannot)\s+(?:really\s+)?(?:care|mind|feel|see\s+(?:why|what|"
        rf"how\s+(?:this|that)))|nothing\s+to\s+(?:be|get|worry)|no\s+(?:reason|need|point|cause)\s+(?:to|for|in|"
        rf"getting|being)\b[^.!?]{{0,25}}{_FEELING}|not\s+(?:here\s+)?(?:for|about)\s+(?:your\s+)?feelings|"
        rf"(?:don't|do\s+not|stop)\s+(?:be|get|being|getting)\s+(?:so\s+)?{_FEELING}"
    ),
    "question": r"\?",
    "open_question": (
        r"\b(?:what|how|which|why|who|where|when|tell\s+me)\b[^.!?\n]*\?|\btell\s+me\s+(?:more|about|what|how)"
    ),
    "offer_choice": (
        r"would\s+(?:you\s+(?:like|prefer|rather)|it\s+help|that|either|\w+day)|shall\s+(?:i|we)|do\s+you\s+want|"
        r"want\s+me\s+to|which\s+(?:suits|works|would|one|do\s+you)|or\s+(?:would|if\s+you(?:'d|\s+would))|"
        r"if\s+you(?:'d|\s+would)\s+(?:rather|prefer|like)|happy\s+for\s+me|ok(?:ay)?\s+(?:if|with\s+you)"
    ),
    "checking": (
        r"did\s+i\s+(?:get|understand|miss)|(?:is|have\s+i\s+got)\s+that\s+right|have\s+i\s+(?:got|missed|understood)|"
        r"am\s+i\s+right|correct\s+me|does\s+that\s+(?:work|help|sound|cover|suit|fit)|just\s+(?:to\s+)?check|"
        r"make\s+sure\s+i|so\s+(?:i\s+)?(?:don't\s+)?(?:get|have)\s+(?:it|this)\s+(?:right|wrong)|did\s+that"
    ),
    "refers_back": (
        r"you\s+(?:said|mentioned|told|wrote|asked|explained|gave|sent|already|described|were\s+(?:told|promised))|"
        r"you(?:'ve|\s+have)\s+(?:already|been|had|told|waited|tried|done|asked|given|paid)|sounds\s+like|"
        r"as\s+you\s+say|so\s+you(?:'re|'ve|\s+are|\s+have|\s+were|r)|i\s+(?:hear|read|see)\s+(?:that\s+)?you|"
        r"(?:after|when)\s+you(?:'d|'ve|\s+had|\s+have)|your\s+(?:second|third|fourth|last)\b"
    ),
    "when": rf"\b(?:{_DAY})",
    "amount": r"[£$€]\s?\d|\d\s?(?:pounds|euros?|dollars|quid|bucks|gbp|eur|usd)\b",
    "number": r"\d",
    "because": r"\b(?:because|so\s+that|that's\s+why|which\s+means|the\s+reason)\b",
    "direct_answer": r"^\s*(?:\w+[,!.]?\s+)?(?:yes|yep|yeah|no|nope|correct|exactly|absolutely|you\s+can)\b",
    "minimises": (
        r"\b(?:it's|its|that's|it\s+is|was)\s+(?:only|just)\b|\bonly\s+(?:a|an|one|two|\d)|\bjust\s+(?:a|an|one|two|"
        r"the\s+one)\s+(?!moment|sec|quick|minute)|big\s+(?:of\s+a\s+)?deal|end\s+of\s+the\s+world|"
        r"happens\s+(?:all|to|a\s+lot|sometimes|from)|things\s+happen|at\s+least\s+(?:you|it|the|nobody|no)|could\s+"
        r"(?:be|have\s+been)\s+worse|no\s+biggie|nothing\s+(?:serious|major|to\s+worry|dramatic)|over-?react|dramatic|"
        r"not\s+(?:that|so|exactly|really)\s+(?:bad|long|serious|urgent|much|a\s)|worse\s+(?:things|off|problems)|"
        r"hardly|other\s+(?:customers|people)\s+(?:have|are|wait)|plenty\s+of\s+(?:other|people)|survive|a\s+bit\s+much|"
        r"(?:perfectly|completely|totally)\s+normal|quite\s+normal|part\s+of\s+(?:life|the\s+job)|fuss"
    ),
    "blames": (
        r"\byou\s+(?:really\s+)?(?:should|could|ought\s+to|must|might|needed\s+to)\s*(?:have|'ve|of)\b|(?<!\bwe\s)(?<!\bi\s)should've|(?<!\bwe\s)(?<!\bi\s)"
        r"should\s+(?:really\s+)?have\s+(?:read|checked|told|called|ordered|asked|said|thought|planned)|if\s+you(?:'d|"
        r"\s+had)\s+(?:\w+\s+)?(?:\w+ed|read|told|bothered|been)|you\s+(?:didn't|did\s+not|failed|forgot|neglected|"
        r"never|chose|waited|left\s+it|decided)\b|your\s+(?:own\s+)?(?:fault|responsibility|mistake|choice|decision|"
        r"error|lack)|had\s+you\s+\w+|next\s+time|as\s+you\s+(?:agreed|were\s+(?:told|informed))|in\s+(?:the\s+)?future,?"
        r"\s+(?:please|you)|you\s+(?:must\s+have|clearly|obviously)|wasn't\s+(?:us|our)|not\s+our\s+(?:fault|problem)"
    ),
    "orders_calm": (
        r"calm\s+(?:yourself|down)|\brelax\b|settle\s+down|deep\s+breath|\bchill\b|(?:don't|do\s+not|no\s+need\s+to|"
        r"stop)\s+(?:shout|yell|rais|panic|be\s+rude|being\s+rude|swear|(?:be|get)\w*\s+(?:so\s+)?(?:upset|angry|"
        r"emotional|worked|stressed|agitated|rude))|\bbe\s+patient|(?:watch|mind)\s+your|lower\s+your|get\s+a\s+grip|"
        r"(?:your|that|this)\s+(?:tone|attitude)|use\s+that\s+tone|compose\s+yourself|pull\s+yourself|emotional\b|"
        r"keep\s+your\s+(?:cool|hair|voice)|cool\s+(?:it|down|off)|take\s+it\s+easy|shouting\s+(?:at|won't|isn't)"
    ),
    "sarcasm": (
        r"congrat|well\s+done|good\s+for\s+you|lucky\s+you|\bbravo\b|what\s+a\s+(?:surprise|tragedy|shame|shock|"
        r"disaster)|^\s*(?:oh|wow|ah|gosh)\b|\bwow\b|\bobviously\b|genius|imagine\s+that|poor\s+(?:you|thing|baby)|"
        r"news\s?flash|last\s+time\s+i\s+checked|heaven\s+forbid|forgive\s+me|how\s+(?:awful|terrible|tragic|"
        r"dare|dreadful|ever)\b|silly\s+(?:me|us)|magic\s+wand|crystal\s+ball|drop\s+everything|thrilled|world's|"
        r"i'm\s+sure\s+(?:you|it|the|your)|must\s+be\s+(?:so\s+)?(?:nice|lovely|wonderful)|bless|mind\s+reader"
    ),
    "policy": (
        r"\bpolic(?:y|ies)\b|terms\s+(?:and|&|of)|t\s?&\s?cs?\b|procedure|\brules?\b|\bper\s+(?:our|the)\b|"
        r"in\s+(?:accordance|line)\s+with|guidelines?|regulations|agreement|protocol|process\s+is|requires?\b|"
        r"mandatory|not\s+(?:permitted|allowed|eligible|entitled)|exceptions?\b|stated\s+(?:in|on)"
    ),
    "refusal": (
        r"\bunable\s+to|\bcannot\b|\bcan't\b|\bcan\s+not\b|not\s+(?:able|possible|something|available)|won't\s+be|"
        r"nothing\s+(?:more\s+)?(?:i|we)\s+can|no\s+way\s+(?:to|of)|impossible|unfortunately|regret\s+to|i'm\s+afraid"
    ),
    "non_apology": (
        r"sorry\s+(?:that\s+|to\s+hear\s+(?:that\s+)?)?you\s+(?:feel|think|see|took|find|found|were\s+(?:upset|"
        r"offended|unhappy)|are\s+(?:upset|unhappy|not\s+happy|dissatisfied|disappointed)|weren't|consider|believe|"
        r"didn't|had\s+that\s+impression|interpreted)|sorry\s+(?:if|but)\b|sorry\s+you're\s+(?:upset|unhappy|not\s+"
        r"happy|disappointed|finding)|regret\s+(?:that\s+)?you|apologi[sz]e\s+if|"
        r"any\s+(?:offen[cs]e|upset|distress)\s+(?:you\s+)?(?:may|might|that|this)|"
        r"you\s+may\s+(?:feel|have\s+(?:felt|experienced|perceived))|if\s+you\s+(?:feel|felt|were)"
    ),
    "hostile": (
        r"not\s+my\s+(?:problem|job|fault|department|concern)|your\s+problem|stupid|idiot|ridiculous|\bwhatever\b|"
        r"shut\s+up|deal\s+with\s+it|i\s+(?:really\s+)?don't\s+care|couldn't\s+care|get\s+lost|wast(?:e|ing)\s+(?:my|"
        r"our)|moron|nonsense|take\s+it\s+or|leave\s+it\s+then|go\s+(?:elsewhere|somewhere\s+else|bother)|do\s+you\s+"
        r"(?:want|expect)\s+(?:me|us)\s+to|stop\s+(?:wasting|messag|asking|whin|moan|complain|bother|pester|nagging)|"
        r"good\s+luck\s+with|tough\b|rubbish|what\s+part\s+of|how\s+many\s+times|better\s+things|grow\s+up|pathetic|"
        r"crying|whin(?:e|ing)|moan(?:ing)?\b|tantrum|drama\b|entitled\s+(?:people|customer)|people\s+like\s+you"
    ),
    "stock_apology": (
        r"(?:sorry|apolog\w+)\s+(?:to\s+hear|for)\s+(?:about\s+)?(?:the|any|this|that|all|your|these)?\s*(?:possible\s+"
        r"|poor\s+|recent\s+|negative\s+)?(?:inconvenien|trouble|delay|issue|experience|frustration|situation|wait|"
        r"confusion|problem)|sorry\s+to\s+hear\s+(?:that|this|about)|(?:sincere|deepest)\w*\s+apolog|apologi[sz]e\s+for"
    ),
    "stock_understanding": (
        r"(?:i|we)\s+(?:do\s+|can\s+|completely\s+|fully\s+|totally\s+|certainly\s+|truly\s+)*(?:understand|appreciate|"
        r"imagine|see)\s+(?:how|your|that\s+(?:this|you)|the)\s+(?:\w+\s+)?(?:frustrat|concern|disappoint|annoy|upset|"
        r"important|stressful|difficult|inconvenien|situation|urgen|this|issue|feel)"
    ),
    "canned": (
        r"thank\s+you\s+(?:so\s+much\s+)?for\s+(?:contacting|reaching|your\s+(?:patience|message|e?-?mail|understanding|"
        r"feedback|enquiry|inquiry|query|loyalty|continued|cooperation|interest|business|time)|bringing|getting\s+in|"
        r"choosing|being|letting|taking)|valued?\s+(?:customer|client|member|guest|your|feedback)|your\s+(?:call|"
        r"feedback|satisfaction|business|comfort|safety)\s+(?:is|means)|rest\s+assured|(?:please|kindly)\s+(?:be\s+"
        r"(?:advised|assured|informed)|note|bear|allow|do\s+not\s+hesitate|feel\s+free)|(?:at|for)\s+(?:your|the)\s+"
        r"earliest|in\s+due\s+course|as\s+soon\s+as\s+possible|(?:highest|best\s+possible)\s+(?:standard|level|quality|"
        r"service)|take\s+(?:all\s+)?(?:\w+\s+)?(?:feedback|concerns|matters?|complaints|this)\s+(?:very\s+)?serious|"
        r"(?:strive|committed|aim|pride|dedicated)\s+(?:to|ourselves|in|team)|anything\s+else\s+(?:i|we)|great\s+day|"
        r"(?:is|are)\s+(?:very\s+|so\s+|extremely\s+)?important\s+to\s+us|here\s+to\s+help|looking\s+into|look\s+into\s+"
        r"(?:this|it|the\s+matter)|working\s+hard|hesitate|dear\s+(?:customer|sir|valued|colleague)|kind\s+regards|"
        r"currently\s+experiencing|high\s+(?:volume|demand)|higher\s+than|we\s+appreciate|appreciate\s+your|best\s+"
        r"regards|happy\s+to\s+(?:help|assist)|assist\s+you|every\s+effort|utmost"
    ),
    "deferral": (
        r"(?:someone|somebody|a\s+member|one\s+of\s+(?:our|the)|the\s+(?:relevant|appropriate|right|dedicated)|"
        r"a\s+(?:colleague|specialist|manager|representative|agent))\b[^.!?]{0,40}\b(?:will|would|is|be)\b|in\s+touch|"
        r"get\s+back\s+to\s+you|shortly|\d+\s*(?:-|to|–)\s*\d+\s+(?:working|business)?\s*(?:days|hours)|working\s+days|"
        r"business\s+days|(?:please|kindly|simply|you\s+(?:can|may|will\s+need\s+to))\s+(?:visit|refer|contact|call|ring|"
        r"consult|go\s+to|check\s+(?:our|the)|see\s+(?:our|the)|submit|fill|complete|log|email)|website|\bfaqs?\b|"
        r"help\s+cent(?:re|er)|the\s+(?:relevant|appropriate)|online\s+(?:form|portal)|passed\s+(?:on|to)|escalat|ticket"
    ),
    "vague_noun": (
        r"\b(?:your|the|this|any|these)\s+(?:\w+\s+)?(?:issue|concern|query|enquiry|inquiry|matter|inconvenience|"
        r"experience|situation|request|feedback|case|expectations)s?\b"
    ),
    "please_provide": (
        r"(?:please|kindly|can|could|would|may|will)\s+(?:you\s+|i\s+|we\s+)?(?:please\s+|kindly\s+|just\s+)?(?:provide|"
        r"confirm|give|send|share|tell|have|take|get|supply|let\s+me\s+know|specify|describe|explain)\b|"
        r"what(?:'s|\s+is|\s+was|\s+are)\s+(?:your|the)\s+(?:\w+\s+)?(?:order|account|reference|booking|name|email|"
        r"e-mail|post|zip|phone|number|address|problem|issue|date|policy|model|reason)"
    ),
    "cheerful": (
        r"(?:great|awesome|fantastic|wonderful|amazing|lovely|brilliant|super|yay|hooray|woo|fab)\b[^.?]{0,25}!|"
        r"[\U0001f600-\U0001f606\U0001f609-\U0001f60e\U0001f929\U0001f973\U0001f389\U0001f31f]|[:;]-?[)D]|!\s*!|haha|\blol\b"
    ),
    "thanks_customer": r"\bthank(?:s|\s+you)\b(?!\s+for\s+(?:contacting|reaching|your\s+(?:patience|understanding)))",
    "condolence": r"condolence|so\s+sorry\s+(?:for\s+your\s+loss|about\s+your)|passed\s+away|thinking\s+of\s+you",
    "boundary": (
        r"(?:speak|talk|write)\s+to\s+me\s+(?:like|that)|(?:name-?calling|insults?|swearing|abuse|shouted\s+at|called\s+"
        r"that|that\s+language)|(?:keep|carry)\s+(?:this|it)\s+(?:civil|respectful)|want\s+to\s+(?:help|sort|fix)"
    ),
    "negation_turn": r"\b(?:but|however|although|though)\b",
}
CUE_NAMES: tuple[str, ...] = tuple(PATTERNS)
_COMPILED = tuple(re.compile(p, re.IGNORECASE | re.MULTILINE) for p in PATTERNS.values())
_INDEX = {name: i for i, name in enumerate(CUE_NAMES)}


def straighten(text: str) -> str:
    """Replace typographic apostrophes and dashes, keeping every offset."""
    return text.translate(_STRAIGHT)


_STRAIGHT = {0x2019: "'", 0x2018: "'", 0x02BC: "'", 0x60: "'", 0x2013: "-", 0x2014: "-"}


def cues(text: str) -> NDArray[np.float32]:
    """Say which cues are present: 0 or 1 for each of ``CUE_NAMES``."""
    plain = straighten(text)
    return np.array([p.search(plain) is not None for p in _COMPILED], dtype=np.float32)


def has_cue(text: str, name: str) -> bool:
    """Say whether the cue ``name`` is in ``text``."""
    return _COMPILED[_INDEX[name]].search(straighten(text)) is not None


def cue_words(text: str, name: str) -> str | None:
    """Return the words of ``text`` that show the cue ``name``, the last one whole, or None."""
    found = _COMPILED[_INDEX[name]].search(straighten(text))
    if found is None:
        return None
    # Some cues are found by the stem of a word ("inconvenien"), which nobody wants to be quoted.
    end = found.end()
    while end < len(text) and text[end - 1].isalpha() and text[end].isalpha():
        end += 1
    return text[found.start() : end].strip()
