"""What a clause of the hire does with what it is about: offer, promise, refuse, ask.

Sentence embeddings put "I can't refund you" next to "I'll refund you". So the sense of a clause is
read from its words by rules, and the embedding only says what it is about. Rules rather than a
model, because a trainer must be able to see why a refusal was taken for one.
"""

from __future__ import annotations

import re
from typing import Literal

Stance = Literal[
    "refuse",
    "undone",
    "vow",
    "negated",
    "hypothetical",
    "direct",
    "report",
    "ask",
    "check",
    "offer",
    "promise",
    "done",
    "inform",
]
"""``undone``: has not been done; ``vow``: I won't; ``negated``: any other no; ``direct``: tells the customer to do something; ``report``: says what the customer did;
``hypothetical``: would have, wish I could, will see whether; ``check``: only goes to look."""

CLOSED: tuple[Stance, ...] = (
    "refuse",
    "undone",
    "vow",
    "negated",
    "hypothetical",
    "direct",
    "report",
    "ask",
    "check",
)
"""Stances that match only examples of the same stance: a refusal of X is never X."""

_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "´": "'", "`": "'"})

# Typed without an apostrophe as often as with one.
_NOT_WORD = (
    r"(?:can'?t|cannot|can not|won'?t|will not|couldn'?t|could not|don'?t|do not|doesn'?t|"
    r"does not|didn'?t|did not|isn'?t|is not|aren'?t|are not|wasn'?t|was not|weren'?t|haven'?t|"
    r"have not|hasn'?t|has not|hadn'?t|shouldn'?t|wouldn'?t|would not|mustn'?t|needn'?t|oughtn'?t|"
    r"i'?m not|we'?re not|it'?s not|that'?s not|am not|ain'?t|never|nor|neither|no longer|"
    r"(?:(?<=^)|(?<=and )|(?<=but )|(?<=so ))(?:nobody|no one|no-one|none of))"
)
_NOT = re.compile(rf"\b(?:{_NOT_WORD}|not)\b")

# Phrases with a negative word that negate nothing that matters.
_HARMLESS = re.compile(
    r"(?:, (?:and )?|\band )not (?:even|just|the|a|an|another|some|him|her|them|at|in|on|to|for|by|from|as|only|you|yours?|i|me|us|"
    r"\d+)\b[^,.;!?]*|\band not (?!able|going|yet|possible|allowed|sure|authori[sz]ed|permitted|in a)[^,.;!?]*|"
    r"\bnot (?:\d+|one|two|three|five|ten|twenty|thirty|a (?:day|minute|penny)) ?[^,.;!?]*|"
    r"\b(?:so|so that|which) (?:nobody|no one|nothing|none)\b[^,.;!?]*|\bnothing wrong\b|\bno need$|"
    r"\b(?:don'?t|do not|won'?t|will not|never) [^,.;!?]{0,40}\b(?:before|until|till) you\b[^,.;!?]*|"
    r"\bso that (?:i|we) can'?t be [^,.;!?]*|"
    r"\byou(?:'?re| are) not [^,.;!?]{1,30} any ?(?:more|longer)\b|"
    r"\bwithout (?:a|any|the) (?:fee|charge|cost|form|credit check|questions?)\b|"
    r"\b(?:not to worry|no worries|no wonder|no problem|no doubt|no trouble|not only|why not|not just|"
    r"not at all|"
    r"(?:can'?t|cannot|can not|couldn'?t) (?:even )?(?:imagine|believe|thank|apologi[sz]e|stress|"
    r"tell you|wait|see|agree more|be easy|have been easy|help (?:but|feeling|noticing))|"
    r"do(?:n'?t| not) (?:worry|hesitate|rush|hurry|panic|fret|mind|blame you|want (?:you|anyone|anybody|him|her|them)\b|want to make|"
    r"want to add)|"
    r"(?:you )?(?:do(?:n'?t| not)|won'?t|will not|needn'?t) (?:need|have|be needing) to "
    r"(?:do|send|fill|call|ring|chase|explain|repeat|wait|worry|come|go|lift|pay|ask|contact)"
    r"[^.;!?]*|"
    r"no need (?:to|for)[^.;!?,]*|nothing (?:more |else )?(?:for you to|you need to) do|"
    r"if (?:that|this|it) (?:doesn'?t|does not|isn'?t|is not)[^,;.]*,?|"
    r"if (?:that|this|it|he|she)(?:'?s| is) (?:not|no) [^,;.]*,?|"
    r"(?:can'?t|cannot|can not|won'?t) (?:get (?:it|this|that) wrong|go wrong|lose\b)|"
    r"why (?:it|this|that|you|your|he|she|they)?\s*\w* ?(?:wasn'?t|isn'?t|hasn'?t|haven'?t|"
    r"didn'?t|doesn'?t)[^.;!?]*|"
    r"so (?:that )?you (?:don'?t|won'?t|do not|will not)[^.;!?]*|"
    r"without (?:you )?having to|or not|if not|isn'?t it|doesn'?t it|wasn'?t it|"
    r"won'?t happen again|"
    r"(?:should|ought to) (?:not|never) have|shouldn'?t have|"
    r"(?:won'?t|will not|don'?t|do not|never) (?=(?:be )?(?:charg|bill|chas|bother|"
    r"cost|lose|losing))|"
    r"won'?t (?:let|rest|stop|leave|close|forget|hang up|go anywhere|disappear)[^.;!?]*)"
)

_ABLE = (
    r"(?:can'?t|cannot|can not|(?:won'?t|will not) be (?:able|possible|allowed)|(?<=\bwe )(?:don'?t|do not)|couldn'?t|"
    r"could not|wouldn'?t be able|"
    r"(?:do|does) ?n[o']?t (?:have (?:the |any )?(?:rights?|permission|power|authority|means|way|option)|offer|do that|"
    r"allow|provide|make exceptions|have access|cover)|"
    r"(?:'?m|am|'?re|are|'?s|is|was|were|be|been) (?:not |un)(?:able|possible|allowed|permitted|"
    r"authori[sz]ed|going to|in a position|willing|prepared|entitled|eligible)|"
    r"isn'?t (?:possible|allowed|permitted|something (?:i|we) can|going to|an option)|"
    r"aren'?t (?:able|allowed|permitted|going to|authori[sz]ed)|"
    r"not (?:something (?:i|we)|able|possible|allowed|permitted|going to happen|an option|"
    r"in my power|authori[sz]ed|entitled|eligible|up to me|covered))"
)
_REFUSE = re.compile(
    rf"\b(?:i|we|it|that|this|there|nobody|no one|the system|my system|our system|policy|"
    rf"you(?:'?re| are)?|they)?\b[^.;?!]{{0,40}}\b{_ABLE}\b"
    r"|\b(?:unable|impossible|no way (?:to|of|i|we|that)|nothing (?:i|we) can|nothing (?:more )?"
    r"(?:can|to) be done|out of (?:my|our) hands|not on\b|refus(?:e|ed|ing)|declin(?:e|ed|ing)|"
    r"reject(?:ed|ing)?|out of the question|^only (?:the|a|an) [\w ]+ (?:can|may|could)\b|"
    r"(?:i|we)(?:'?ve| have) no\b|only (?:available|possible)|too late (?:to|for)|no chance|not happening|"
    r"against (?:our|the|company) (?:policy|rules)|there'?s no (?:refund|way|option|possibility)|"
    r"(?:rather|instead of) (?:than )?\w+ing|unless|am afraid not|i'?m afraid not|"
    r"no (?:refunds?|exceptions?|compensation|extensions?|discounts?)\b)"
)
_VOW = re.compile(r"\b(?:i|we)(?:'?ll never| won'?t| will not| shan'?t| will never| never)\b")
_UNDONE = re.compile(
    r"\b(?:hasn'?t|haven'?t|hadn'?t|has not|have not|wasn'?t|was not|weren'?t|were not|didn'?t|"
    r"did not|not yet)\b|^(?:(?:and|but|so) )?no [\w ]{1,30}? (?:has|have|was|were)\b"
    r"|^(?:(?:and|but|so) )?(?:nobody|no one|no-one|none of us) "
    r"(?:has|had|made|did|told|asked|wrote|checked|looked)\b(?! to)"
)
_HYPOTHETICAL = re.compile(
    r"\b(?:do (?:my|our) (?:very )?best|(?:i|we) (?:can|could)\b[^.;!?]*,? but|try (?:my|our) best|(?:the|a|my|our|your) \w+ could|i wish|we wish|if only|hopefully|(?:a|such a|it'?s) (?:shame|pity)|would have|would'?ve|"
    r"could have|could'?ve|should have|should'?ve|normally|usually|typically|in theory|it depends|"
    r"maybe|perhaps|subject to|provided that|"
    r"(?:i|we)(?:'?d| would) (?:have|need) to|(?:i|we)(?:'?d| would)\b[^.;!?]*\bbut\b|"
    r"might|(?<!you )(?<!and )may\b(?! (?:i|we)\b)|"
    r"(?:they|he|she|it|there|somebody|someone|that) could\b|"
    r"if\b[^,;.!?]*\b(?:agrees?|approves?|allows?|signs? (?:it |this )?off|says? (?:yes|so|ok)|"
    r"gives? (?:me |us )?(?:the )?(?:ok|okay|go-ahead|permission))\b|"
    r"(?:(?:i|we)(?:'?ll| will| can| could| shall)|let me|let'?s) (?:just |then |also )?"
    r"(?:look (?:at|into)|"
    r"see (?:if|whether|what)|try(?! again)|think (?:about|it over)|consider|"
    r"find out (?:if|whether)|ask (?:if|whether|it\b|my (?:manager|boss|supervisor))|"
    r"check (?:if|whether|with)))\b"
    r"|^(?:i|we) (?:just |only )?hope\b"
    r"|^(?:i'?m sure|i know|i (?:do |can )?(?:understand|see|hear|agree)|of course|yes)\b[^.;!?]*,? but "
)
_OFFER = re.compile(
    r"\b(?:(?:would|do) you (?:like|want|prefer) (?:me|us) to|"
    r"(?:shall|should|could|can|may) (?:i|we)\b(?! (?:have|ask|get your|take your|know|confirm|"
    r"please have|just have|also have))|"
    r"how(?:'?s)? about|what if (?:i|we)|happy to|glad to|(?:i|we) (?:can|could)\b|(?:i|we)'d be happy|"
    r"let me (?:offer|suggest)|what (?:i|we) can do|(?:i|we)'?(?:d| would) like to offer|"
    r"(?:i|we) suggest|(?:i|we) propose|would it help if (?:i|we)|if you(?:'d)? like)\b"
)
_PROMISE = re.compile(
    r"\b(?:(?:i|we)(?:'?ll|'?m going to|'?re going to| will| shall| am going to| are going to)|"
    r"(?:i|we)(?:'?m| am|'?re| are) (?:\w+ly )?(?:\w+ing)|let me|let's|going to|"
    r"(?:you|it|he|she|they|this|that|there)(?:'?ll| will)\b|"
    r"(?:the |your |our |a |my )?[\w' -]{1,40} will\b|i promise|you have my word|gonna|"
    r"(?:gets?|goes|arrives?|comes?|leaves?|starts?|is due|are due) (?:\w+ ){0,3}"
    r"(?:today|tonight|tomorrow|on|at|by|before|this|next|in))\b"
)
_DONE = re.compile(
    r"\b(?:(?:i|we)(?:'?ve| have| had)? (?:just |now |already |also |personally |asked|booked|"
    r"refunded|credited|sent|cancelled|canceled|put|moved|changed|set|opened|closed|removed|"
    r"waived|arranged|added|stopped|blocked|paid|reversed|raised|escalated|spoken|spoke|called|"
    r"found|checked|traced|located|updated|extended|reserved|ordered|emailed|written|made|taken|"
    r"got|given|switched|corrected|fixed|sorted|done|marked|noted|cleared|approved|signed)|"
    r"(?:i|we)'?ve\b|(?:i|we) have (?!to\b|a\b|an\b|no\b|the\b)\w+|"
    r"(?:has|have|had|'s) (?:now |already |just )?been|(?:is|are|'s) (?:now |already |all )"
    r"(?:done|sorted|booked|cancelled|canceled|refunded|set|closed|on its way|arranged|fixed)|"
    r"done\b|all sorted|sorted\b|booked\b|refunded\b|cancelled\b|canceled\b)"
)
_DIRECT = re.compile(
    r"^(?:(?:and|but|so|then|just|please|kindly|pls|plz|first|well|ok|okay)[, ]+)*"
    r"(?:(?:you(?:'?ll| will| would|'?d)? (?:need|have|just need|just have|want|be required) to|"
    r"you (?:should|must|ought to|might want to|had better|'?d best)|"
    r"you (?:could|can|may)(?: always| just| also)?(?! (?:always|just|also|have|get|keep|expect|stop|forget|rely|reach|see|hold|count|trust|"
    r"ring me|call me|relax|leave))|you'?(?:d| had) better|"
    r"it'?s (?:up to|on) you)|"
    r"(?:contact|call|ring|phone|email|e-mail|write to|go|visit|log|sign|fill|complete|try|"
    r"restart|reboot|turn|check|download|send|submit|ask|speak|talk|apply|use|wait|"
    r"read|see|refer|forward|print|show|tell|explain|return|come back|get in touch|give|"
    r"make sure|keep|allow|upload|register|follow|click|open|take|bring|contacting)\b)"
)
_LEADING_CONDITION = re.compile(
    r"^(?:and |but |so |or )?(?:if|when|once|as soon as|in case|should) [^,]{2,80}?(?:, |(?= (?:just|please|"
    r"then|simply)\b))(?:just |please |then |simply )*"
)
_REPORT = re.compile(
    r"^(?:(?:and|but|so|i see|i know|as|that|in \w+)[, ]+)*(?:you|you'?ve|you have|you had|you'?d)(?: \w+ly| already| just)? (?:sent|told|gave|given|asked|"
    r"said|wrote|written|tried|mentioned|called|rang|explained|filled|signed|paid|ordered|"
    # "You've got my line" gives something; it reports nothing.
    r"got(?! (?:my|our|me|us)\b)|received|had)\b"
)
_OWN_ACT = re.compile(
    r"\b(?:i|we)(?:'?ll|'?ve|'?m|'?re| will| have| am| are| can| could)\b|\blet me\b"
)
_BAD_NEWS_START = re.compile(r"^(?:unfortunately|sadly|regrettably|i'?m afraid|i am afraid)\b")
_BAD_NEWS_END = re.compile(r"\b(?:unfortunately|sadly|i'?m afraid|i am afraid)[.!]*$")
_YIELDS = re.compile(
    r"^(?:i|we)'?d \w+|\b(?:would|'d) (?:love|like|be happy|be glad) to\b|\b(?:understand|sure|know|hear|see|agree|sorry)\b"
)
_AUXILIARY = re.compile(r"^(?:would|could|can|is|does|did|has|have|are|do|was|will) (?!i\b|we\b)")
_ASK_START = re.compile(
    r"^(?:(?:and|but|so|ok|okay|right|well|also|sorry|thanks|thank you|please|just|first|now|"
    r"hi|hello|hey|then|roughly|about|honestly|sorry to ask|just to be clear|by the way|btw|"
    r"out of interest|out of curiosity|forgive me|excuse me|if i may ask|may i ask|yes or no|h?um+|"
    r"hm+|oh)"
    r"[,.!: ]+)*"
    r"(?:(?:by |at |to |until |from |for |in |on |with |since |about )?"
    r"(?:what|which|who|whose|when|where|why|how)(?:'?s|'?re|'?d|'?ll)? "
    r"(?:is|are|was|were|do|does|did|have|has|had|can|could|will|would|shall|should|may|am|exactly|"
    r"made|brought|happens|didn'?t|don'?t|can'?t)\b|"
    r"(?:what|who|where|when|how|why)'?(?:s|re|d)\b(?! why)|whats\b|"
    r"(?:what|which|whose|how) (?!(?:i|we|you|he|she|it|they|the|this|that|is why|means|about|a|an)\b)"
    r"\w+(?: [\w']+){0,7}$|"
    # "Have it at home first", "do that tomorrow" tell somebody to do something, and "should it be a
    # mistake, we fetch it" is a condition.
    r"(?!(?:have|do) (?:it|this|that|these|those|the|your|an?)\b|"
    r"should (?:it|you|he|she|they|this|that|there|anything|anybody|anyone|an?)\b)"
    r"(?:is|are|was|were|do|does|did|have|has|had|can|could|will|would|shall|should|may|might|"
    r"am|can'?t|isn'?t|aren'?t|don'?t|doesn'?t|didn'?t|won'?t|wouldn'?t|couldn'?t|haven'?t|hasn'?t) "
    r"(?:i|we|you|he|she|it|they|this|that|these|those|there|the|your|my|our|anyone|anybody|"
    r"someone|somebody|anything|something|everything|any|an?)\b|(?:want|happy for) (?:me|us) to\b|"
    r"(?:tried|heard|noticed|seen|found|done|changed|received|had|spoken (?:to|with)|talked to) any"
    r"(?:thing|one|body)?\b|"
    r"any(?:one|body) else (?:there|here|at home|with you|around)\b(?! (?:would|could|can|has|will)\b)|"
    r"any (?:concerns|worries|objections|doubts|thoughts|issues|problems|questions) (?:before|so far|"
    r"with|about|at|on)\b(?!.*, )|what you (?:have |had |did )?(?:already )?\w+ (?:already|so far|before|yet)\b|"
    r"got any\b|got an? (?:\w+(?: handy| there| nearby)?|\w+ you can \w+(?: me)?)$|"
    r"any (?!(?:time|day|way|moment|hour|more)\b)[\w ]+ (?:you|that) "
    r"(?:saw|see|got|get|had|have|noticed|remember|know|came|comes|showed|shows|appeared)$|"
    r"any (?:(?!(?:will|is|are|was|can|would|has|have|and|then|but|that)\b)[\w']+ ){2,7}"
    r"(?:account|file|record|there|here|you|us|it)$|"
    r"who (?!(?:knows|is|are|you|i|we|they|he|she|ever)\b)(?:else )?\w+ [^:;]+$|who else \w+$|"
    r"(?:is|would|was) (?:today|tomorrow|tonight|now|english|[\w']+(?: [\w']+){0,4} (?:ok|okay|fine|"
    r"good|better|easier|best|enough|possible|work|help|suit|do)(?: (?:for )?you)?(?: better)?$)|"
    r"what matters (?:most |more )?to you(?: here| now| today| most)?(?:,|$)|"
    r"\w+ or \w+(?: for you)?$|you still (?:there|here|with me)\b|(?:ok|okay|all right) for me to\b|"
    r"any (?:chance|ideas?|other|more|plans|news)\b|any (?:\w+ ){0,2}\w+$|mind if|"
    r"you (?:ok|okay|alright|all right|getting any|getting enough|sleeping|coping|managing|holding up)\b|"
    r"(?:where|what|how) you \w+(?: \w+)?$|what've\b|anything (?:else|more)\b|"
    # "how annoyed are you", "ok to close the chat"
    r"how \w+ (?:is|are|was|were|do|does|did|have|has|would|will) (?:i|we|you|it|they|that|this)\b|"
    r"(?:ok|okay|alright|all right|all good|fine|cool) (?:to|if (?:i|we)) (?!be\b|say\b|start\b|begin\b)\w+|"
    r"(?:please )?describe\b|(?:on|from) (?:a |the )?(?:scale|one to ten|1 to 10)\b)"
)
_WH_START = re.compile(
    r"^(?:(?:and|but|so|ok|okay|right|well|also|then|just|now|hi|hello)[,.! ]+)*"
    r"(?:(?:to|at|on|in|by|from|for|with) )?(?:what|which|who|whose|when|where|why|how(?:'?s)?)\b(?! about)"
)
_CHOICE = re.compile(
    r"\b(?:(?:would|do) you (?:rather|prefer|want|like|need)\b.*\bor\b|"
    r"(?:suits?|works?|better|easier|best)\b.*\b(?:or|than)\b|"
    r"\bor (?:would|should|shall) (?:i|we|you|it|that|this)\b|"
    r"which (?:\w+ ){0,4}(?:do|would) you (?:rather|prefer|want|like))"
)
"""Two ways are put to somebody: "Would you rather have it mended or sent back?"."""

_WANTED = re.compile(
    r"^(?!.*\b(?:i|i'?ll|i'?m|i'?ve|we|moment|minute|second|bear|hold|wait|patient)\b)"
    r".{3,60}\bplease(?: mate)?[.!]*$"
)
"""What is wanted, and "please": "account no. please"."""

_REQUEST = re.compile(
    r"\b(?:if you (?:could |can |would )?(?:just |please )?(?:give me|give us|send me|send us|tell|text|"
    r"let me have|share) |(?:please |kindly |pls |could you |can you |would you |just |you to )"
    r"(?:just |also |please )?(?:confirm|provide|tell me|tell us|give me(?! a)|give us(?! a)|share|"
    r"send me|send us|let me know|let us know|write me|inform|name|list|describe|explain|walk me|talk me|specify|state|verify)|"
    r"(?<!you could )(?<!you can )(?<!\bto )tell me\b(?! that)|^let me know\b|walk me through|talk me through|"
    r"(?:i|we)(?:(?:'?ll| will|'?d| would)?(?: just| also| only)* need|(?:'?d| would)(?: just| also| only)* like) "
    r"(?:to (?:know|hear|understand|confirm|verify|ask|have|take|get)|your|the|a few|some|one thing|you to confirm)|"
    r"(?:may|can|could) (?:i|we) (?:please |just |also )?(?:have|take|ask|get|know|confirm)|"
    r"(?:i|we)(?:'?m| am|'?re| are)? (?:wonder(?:ing)?|curious)|"
    r"^give (?:me|us) (?:please )?(?!a (?:moment|minute|second|sec|mo)|(?:one|two|five|ten) )|"
    r"all (?:i|we) need(?: for (?:it|this|that))? is|"
    r"help me understand|help us understand|(?:i|we)(?:'?d| would) (?:like|love|be interested) to "
    r"(?:know|hear|understand)|(?:it would|would) help (?:me|us)? ?(?:to (?:know|hear)|if i knew))\b"
)


_POLITE = re.compile(
    r"^(?:(?:and|but|so|ok|okay|right|well|also|sorry|thanks|thank you|just|first|now|then)[, ]+)*"
    r"(?:(?:can|could|may|might) (?:i|we) (?:just |please |also |quickly )?ask(?: you)?"
    r"(?: a quick question)?[:,]?|"
    r"(?:do|would) you mind (?:telling|me asking|if i ask|letting|sharing)(?: me| us)?(?: with)?|"
    r"if you don'?t mind(?: me asking)?,?|if (?:i|we) (?:may|might|can|could) ask,?|"
    r"(?:i|we) (?:was|were|am|'m|'re)? ?(?:just )?wonder(?:ing)?"
    r"(?: if you could tell me)?|(?:(?:can|could|may) (?:i|we)|let me|let'?s|(?:i|we)(?:'d| would) like "
    r"to|(?:i|we) (?:just )?(?:want|need) to|just to) (?:just |please |quickly )*(?:check|confirm|"
    r"make sure|be sure|clarify|know|understand|hear|see)(?: with you)?,?|(?:can|could|would|will) you (?:please |just |kindly |possibly )*"
    r"(?:tell|remind)(?: me| us)?(?: again)?)\s+(?=(?:what|which|who|when|where|why|how|if|whether|"
    r"about|your|the|a bit|more|is|are|do|does|did|have|has)\b)"
)
_DENIED = re.compile(
    r"\b(?:(?:i|we)(?:'?m| am|'?re| are)? (?:really |just |simply |also |sadly |unfortunately )*"
    r"(?:afraid|can'?t|cannot|can not|couldn'?t|won'?t|will not|unable|not able|not allowed|"
    r"not permitted|not authori[sz]ed|do not|don'?t (?:offer|do|have|allow|make))|"
    r"(?:it'?s|that'?s|this is|it is|that is) (?:just |simply |really )?(?:not possible|impossible|"
    r"not something|not allowed|out of|against)|there'?s (?:no way|nothing)|there is (?:no way|"
    r"nothing)|nothing (?:i|we) can|not possible)\b"
)


def denies(clause: str) -> bool:
    """Whether a clause says no to the customer, which "the parcel won't make it" does not."""
    bare = _HARMLESS.sub(" ", plain(clause))
    return _REFUSE.search(bare) is not None and _DENIED.search(bare) is not None


def without_politeness(question: str) -> str:
    """A question without "Can I ask ..." and the like, which hide what it is about."""
    typed = question.translate(_APOSTROPHES).split()
    words = " ".join(_TYPED.get(word.lower(), word) for word in typed)
    found = _POLITE.match(words.lower())
    return words[found.end() :] if found else words


_TYPED = {
    "r": "are", "u": "you", "ur": "your", "pls": "please", "plz": "please", "dont": "don't",
    "ive": "i've", "im": "i'm", "youre": "you're", "youve": "you've", "youll": "you'll",
    "weve": "we've", "theyre": "they're", "thats": "that's", "whats": "what's", "lets": "let's",
    "cant": "can't", "wont": "won't", "isnt": "isn't", "arent": "aren't", "wasnt": "wasn't",
    "werent": "weren't", "doesnt": "doesn't", "didnt": "didn't", "havent": "haven't",
    "hasnt": "hasn't", "couldnt": "couldn't", "wouldnt": "wouldn't", "shouldnt": "shouldn't",
}  # fmt: skip
"""Short forms that people type in chats, and contractions without their apostrophe."""


def plain(text: str) -> str:
    """Lower case, straight apostrophes, single spaces, short forms written out: what rules read."""
    words = text.translate(_APOSTROPHES).lower().split()
    return " ".join(_TYPED.get(word, word) for word in words)


def asks_for_content(words: str) -> bool:
    """Whether a question begins with what, which, when and the like; ``words`` as of `plain`."""
    return _WH_START.match(words) is not None


def lets_choose(words: str) -> bool:
    """Whether a question asks which of two they would rather have; ``words`` as of `plain`."""
    return _CHOICE.search(words) is not None


_ASK_END = re.compile(
    r"[,:;-] *(?:which|what|when|where|how) (?:one |day |time |way |of (?:these|those|them) )?"
    r"(?:(?:suits?|works?|is) (?:you )?(?:best|better|easier)|(?:suits?|works? for) you|"
    r"(?:would|do|does|did|shall|should) (?:i|we|you)\b)[^.!?]{0,40}$"
)
"""What comes first is what may be chosen: "email, text or phone, which suits you best"."""


_ASK_LATER = re.compile(
    r"(?:[,:;]|\.{2,}| -+) *(?:(?:so|and|but|then|please|well) )*"
    r"(?:(?:at|by|from|in|on|for|with) )?"
    r"(?:(?:what|which|how|where|who)(?: \w+){0,2}? |(?:what|where|who|how)'?s |why |when )?"
    r"(?:(?:is|are|was|were|does|did|has|can|could|will|would|shall|may)(?:n'?t)? "
    r"(?:i|we|you|he|she|they|your|my|our|there|anyone|anybody|someone|somebody)\b|"
    r"(?:have|do)(?:n'?t)? (?:i|we|you|they|anyone|anybody|someone|somebody)\b|"
    r"is (?:it|that|this) (?!all\b|also\b))[^.!?]*$|"
    r"[,:;] *(?:(?:and|so) )?(?:what|where|who|how)(?:'?s| is| are| was| were| does| did) "
    r"(?:it|that|this|these|the|your|my|going)\b[^.!?]*$"
)
"""What comes first only leads in: "sorry, just to be clear, what is it you want"."""

_ASK_INSIDE = re.compile(
    r"^(?:(?:in|on|at|by|from|for|with|to) )?"
    r"(?:what (?!(?:i|we|you|they|he|she|it|gets|matters|happens|happened|\w+n'?t)\b)|which |whose |"
    r"how (?:many|much|long|often|soon|far) )[^,;:.!]{0,40}?"
    r"\b(?:(?:is|was|does|has) (?:it|this|that|there|your|my|not)|(?:made|suits?|works? for) you|"
    r"(?:are|were|do|did|have|had|can|could|will|would|shall|should) "
    r"(?:i|we|you|they|your|my|these|those|there|it|this|that))\b"
)
"""What is asked comes after what it is about: "which browser or app are you writing from"."""


def is_question(text: str) -> bool:
    """Whether a sentence asks for something, with or without a question mark."""
    words = plain(text)
    if words.rstrip(" )\"'").endswith("?"):
        return True
    if _ASK_START.match(words) and len(words.split()) > 1:
        return True
    later = (_REQUEST, _ASK_END, _ASK_LATER, _ASK_INSIDE)
    return bool(_WANTED.match(words) or any(one.search(words) for one in later))


_LOOKS = re.compile(
    r"(?:(?:ok|okay|right|sure|so|and|then|first|now|well|yes|of course|thanks?|thank you)[,.!]? )*"
    r"(?:let me|allow me to|(?:i|we)(?:'?ll| will|'?m| am|'?re| are|'?d like to| can| could| want to|"
    r" need to| have to))(?: (?:just|first|quickly|now|also|gladly|going to))* "
    r"(?:check(?:ing)?|look(?:ing)? (?:at|into|up|through|for|it|this|that)|"
    r"(?:hav|tak)(?:e|ing) (?:a|another) (?:\w+ )?look|see(?:ing)? (?:if|what|whether|how|where|why|who)|"
    r"find(?:ing)? out|investigat(?:e|ing)|verify(?:ing)?)\b"
)
_GOES_ON = re.compile(r"\b(?:and|then|so)\b|[;:–—]| - ")
"""After looking: "I'll check it and send it on" does more than look."""


def _asks_or_refuses(words: str, bare: str) -> Stance | None:
    """Whether it does one of the two; ``bare``: the words without what is harmless."""
    asks = is_question(words)
    if asks and words.endswith("?") and _WH_START.match(bare):
        # "What happens if you're not on it?" denies nobody anything.
        return "ask"
    if _REFUSE.search(bare):
        return "refuse"
    return "ask" if asks and (_WH_START.match(bare) or not _OFFER.search(bare)) else None


def stance(clause: str) -> Stance:
    """The stance of one clause or sentence.

    A sentence in which any part refuses counts as a refusal; its clauses are read on their own.
    """
    words = plain(clause)
    bare = _HARMLESS.sub(" ", words).strip()
    if sense := _asks_or_refuses(words, bare):
        return sense
    if _HYPOTHETICAL.search(bare) and not is_question(words):
        return "hypothetical"
    if _UNDONE.search(bare):
        return "undone"
    if _VOW.search(bare):
        return "vow"
    if _NOT.search(bare):
        return "negated"
    if _DIRECT.match(_LEADING_CONDITION.sub("", bare)):
        return "direct"
    if _REPORT.search(bare) and not _OWN_ACT.search(bare):
        return "report"
    looks = _LOOKS.match(bare)
    if looks and not _GOES_ON.search(bare[looks.end() :]):
        return "check"
    return _open_stance(bare)


def _open_stance(bare: str) -> Stance:
    if _OFFER.search(bare):
        return "offer"
    if _DONE.search(bare):
        return "done"
    return "promise" if _PROMISE.search(bare) else "inform"


def stance_within(clause: str, before: str, after: str) -> Stance:
    """The stance of a clause in its sentence; ``before`` and ``after``: the rest of it.

    What stands around it can take it back: "I'd like to freeze it, but ...", "unfortunately ...",
    "..., I'm afraid"; and a question mark at the end reaches back to a clause that asks.
    """
    sense = stance(clause)
    if sense in CLOSED and sense != "negated":
        return sense
    words, ahead, behind = plain(clause), plain(after).lstrip(" ,;-–—"), plain(before)
    contrast = ahead.startswith(("but ", "however", "only that", "except "))
    if contrast and (sense == "offer" or _YIELDS.search(words)):
        # "I can give you a new line, but with another number": half of it, or nothing.
        return "hypothetical"
    taken_back = _BAD_NEWS_END.search(ahead) and " but " not in f" {ahead}"
    if taken_back or _BAD_NEWS_END.search(words) or _BAD_NEWS_START.match(words):
        return "refuse"
    if (
        _BAD_NEWS_START.match(behind)
        and " but " not in f" {behind} "
        and not words.startswith(("but ", "so ", "which is why"))
    ):
        return "negated"
    if ahead.rstrip(" )\"'").endswith("?") and _AUXILIARY.match(words):
        return "ask"
    return sense
