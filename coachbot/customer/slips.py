"""Wordings by which a model gives away that it isn't the customer: patterns, and what they mean.

The lists begin with what a model of 135 million parameters wrote in the customer's place. A pattern that the authored line has too is no slip: a customer who is asked
whether they are a robot may say "robot".
"""

from __future__ import annotations

import re

_THINGS = (
    r"(?:order|parcel|package|account|refund|request|enquiry|inquiry|query|issue|problem|case|"
    r"complaint|concerns?|patience|understanding|feedback|business|loyalty|call|message|ticket|"
    r"booking|reservation|payment|subscription|contract|details|delivery|frustration|situation|"
    r"inconvenience|experience|satisfaction|needs|question|email|e-mail|phone number|address|"
    r"name and)"
)

AGENT = re.compile(
    r"\b(?:"
    r"how (?:can|may|could|might|do) (?:i|we) (?:help|assist|be of)|"
    r"what can (?:i|we) (?:do|help)[^.?!]{0,20}(?:for|with) you|"
    r"(?:i|we)(?:'m| am|'re| are) (?:here|happy|glad|able|more than happy) to (?:help|assist|support)|"
    r"(?:help|assist) you (?:with|today|further|out)|of (?:assistance|service|any help) to you|"
    r"at your service|(?:i|we)(?:'d| would|'ll| will) be (?:happy|glad|delighted|more than happy) to|"
    r"(?:sorry|apologies|apologi[sz]e|regret)(?: to hear)?(?: about| for| that)? "
    r"(?:the|any|your|this|you(?:'ve|'re| have| are| had| feel)|our) ?"
    r"(?:\w+ )?(?:inconvenience|delay|trouble|frustrat\w*|wait\w*|confusion|mix-?up|experience|"
    r"mistake|error|misunderstanding|loss|situation|feel\w*|had to|having|upset)|"
    r"(?:sorry|sad) to hear|on behalf of|(?:i|we) (?:sincerely |deeply |truly )?apologi[sz]e|"
    r"my (?:sincere |sincerest |deepest )?apologies|"
    r"(?:i|we) (?:completely |totally |fully |truly )?understand (?:your|how|that you|you(?:'re| are)|"
    r"the (?:frustration|urgency|inconvenience))|"
    r"let me (?:just |quickly )?(?:check|look|see (?:what|if)|pull|connect|transfer|help|assist|find|"
    r"arrange|process|escalate|confirm|verify|explain (?:our|the policy))|"
    r"(?:i|we)(?:'ll| will|'m going to| am going to|'re going to| can| could)"
    r"(?: definitely| certainly| gladly| also| just| immediately| personally| try to)? "
    r"(?:look into|check (?:on |the |that |your|it|this|for)|process|refund|arrange|escalate|transfer|"
    r"assist|help|offer|provide|ensure|make sure|send (?:you|it|the|a|another|out)|contact you|"
    r"get back to you|follow up|resolve|sort (?:it|this|that) out for you|get (?:it|this|that) sorted"
    r"|investigate|issue|replace|update you|keep you|expedite|deliver|ship|waive|credit|"
    r"compensate|reimburse|do (?:everything|my best|our best|what(?:ever)?)|put you|notify|"
    r"get you|give you a (?:refund|discount|call|voucher))|"
    r"(?:would|do) you (?:like|want|prefer) (?:me|us|a refund|a replacement|another|to (?:speak|track))|"
    r"would you like\b|(?:could|can|may|would) (?:i|you)(?: please)? (?:have|provide|confirm|"
    r"share|verify|give me|tell me|get) (?:me )?(?:with )?your|"
    r"(?:provide|confirm|verify|share) (?:me |us )?(?:with )?(?:your|more|the (?:order|details))|"
    r"what(?:'s| is) your (?:order|account|name|address|phone|number|email|e-mail)|"
    rf"(?:for|with|about|regarding|of|on|in|that|is|track|cancel|have|see|check) your {_THINGS}|"
    rf"^your {_THINGS}|"
    r"thank(?:s| you)(?: so much| very much)? for (?:contacting|reaching|your|bringing|letting|calling|"
    r"choosing|being|waiting|sharing|writing)|"
    r"(?:i|we) appreciate (?:your|you (?:reaching|bringing|contacting|letting))|"
    r"(?:we|i) value|valued customer|our (?:customers?|clients?|polic\w+|records|system|team|"
    r"warehouse|support|company|drivers?|staff|couriers?|apologies|service|products?|store|website|"
    r"department|terms)|as (?:a|your) (?:company|customer service|support|representative|agent)|"
    r"customer (?:service|support|care) (?:representative|agent|team here)|"
    r"(?:is|was) there anything (?:else|more)|anything else (?:i|we) can|"
    r"please (?:provide|hold|bear with|note|be (?:assured|advised)|rest assured|allow (?:us|me)|"
    r"let (?:me|us) know|don't hesitate|feel free|contact (?:us|me|our)|accept (?:my|our))|"
    r"rest assured|don't hesitate|do not hesitate|feel free to|dear (?:customer|sir|madam|valued|"
    r"client|\w+,)|(?:best|kind|warm) regards|yours (?:sincerely|faithfully)|sincerely,|"
    r"have a (?:great|wonderful|lovely|fantastic|good|nice) (?:day|rest of)|"
    r"(?:you're|you are|you're very) welcome|no problem at all|glad (?:to hear|i could help|we could)|"
    r"(?:rebooked|refunded|processed|dispatched) (?:it |that )?for you|"
    r"hope (?:this|that) (?:helps|resolves)|how are you (?:doing|today|feeling)|"
    r"(?:take|take a) (?:deep )?breath|calm down|"
    r"(?:do|done|did|get|got|find|found|fix|fixed|make|made|send|sent|sort\w*|bring|brought|something|"
    r"anything|everything|it|that|this|one|them) (?:\w+ )?for you(?!r)"
    r")",
    re.IGNORECASE,
)
"""The other side of the counter: offers of help, apologies for the firm, its rules and records."""

PROGRAM = re.compile(
    r"\b(?:as an? (?:ai|a\.i\.|assistant|language model|chat ?bot|virtual|program)|"
    r"(?:large )?language model|\bl\.?l\.?m\b|chat ?gpt|open ?ai|anthropic|"
    r"i(?:'m| am) (?:just |only )?(?:an? )?(?:ai|a\.i\.|bot|chat ?bot|assistant|program|robot|"
    r"machine|virtual|computer|simulat\w+|language model|smollm|qwen|llama|gpt)|"
    r"artificial intelligence|ai (?:assistant|model)|virtual assistant|"
    r"i (?:can't|cannot|can not|won't|am unable to|'m unable to|am not able to) (?:assist|fulfil|"
    r"fulfill|comply|continue|provide|engage|generate|create|roleplay|pretend)|"
    r"my (?:instructions|training|programming|prompt|guidelines)|system prompt|"
    r"(?:this|the|our) (?:prompt|role ?play|simulation|scenario|exercise|character|script)\b|"
    r"role ?play|role-?playing|(?:in|out of|break) character|"
    r"the user\b|chatbot|training data|knowledge cutoff)",
    re.IGNORECASE,
)
"""A program speaking as one, or about the play."""

REASONING = re.compile(
    r"</?\s*\w+\s*/?>|<\||\|>|```|"
    r"\bas (?:the|a|an?\s\w+) customer\b|\bas [A-Z]\w+, i\b|"
    r"\bthe customer(?:'s)? (?:is|was|would|should|has|wants|says|said|feels|needs|might|could|will|"
    r"seems|expresses|responds|replies|mood|tone)|"
    r"\bthe agent (?:is|was|has|asked|says|said|wants|just|did|should|would|needs|\w+ed)\b|"
    r"\b(?:response|reply|answer|message|output|note|explanation|analysis|translation|sense|mood|"
    r"tone|instructions?|decision|context|example|option \w+|version \w+)(?: \w+)?\s*:|"
    r"\bhere(?:'s| is| are) (?:a|an|my|the|your|some|one|how)\b[^.?!]{0,40}"
    r"(?:reply|response|message|answer|way|version|example|rewrite|rewritten)|"
    r"\bi (?:should|would|must|need to|have to|could|might|can|will) "
    r"(?:respond|reply|answer (?:with|as|in)|write|phrase|express|react|stay in|start (?:by|with))|"
    r"\b(?:in other words|in my own words|to summari[sz]e|in summary|in conclusion|step by step|"
    r"let's think|first, i|okay, so (?:the|i)|hmm, (?:the|so)|wait, (?:the|i need)|"
    r"word (?:count|limit)|\d+ words)\b|"
    r"\bthe (?:next|following|last|previous|first|final) (?:message|reply|line|response)\b",
    re.IGNORECASE,
)
"""Thinking aloud, announcing an answer, talking about the customer from outside."""

STAGE = re.compile(r"[\[\]{}]|\*[^*\n]{1,80}\*|_[^_\n]{3,80}_|\([^)]{0,200}\)?|^\s*[-*#>•]\s|~")
"""Stage directions, brackets and marks of layout; nobody types these in such a chat."""

LABEL = re.compile(
    r"(?:^|\n|(?<=[.!?…\"”]))\s*(?:the )?(?:agent|customer|assistant|user|system|human|support|"
    r"representative|rep|me|you|colleague|operator|client|bot|ai|[A-Z][a-z]+)"
    r"\s*(?:\([^)\n]{0,40}\))?\s*:(?!\d|//)",
    re.IGNORECASE,
)
"""A speaker's name with a colon: the model goes on with the conversation by itself."""

GOODBYE = re.compile(
    r"\b(?:bye|goodbye|good night|farewell|cheerio|see you|take care|i'm (?:leaving|done here|off|"
    r"out of here|going now)|that'?s (?:all|everything)(?: i needed| then| for now)?(?=[.!,]|$)|"
    r"i'll (?:take my (?:business|money)|go (?:elsewhere|somewhere else))|forget it|"
    r"have a (?:good|nice|lovely|great) (?:one|day|evening|weekend))\b",
    re.IGNORECASE,
)
"""The last word of a conversation."""

PLEASED = re.compile(
    r"\b(?:thank(?:s| you)|cheers|ta\b|great|perfect|wonderful|brilliant|fantastic|amazing|awesome|"
    r"excellent|lovely|appreciate\w*|grateful|happy (?:with|to|that|about)|glad|pleased|delighted|"
    r"that works|sounds good|no problem|no worries|all good|i'm fine|it's fine|that's fine|much better)\b",
    re.IGNORECASE,
)
"""Contentment, which a customer shows only when the mind says so."""

_LEFT_OPEN = re.compile(
    r"(?:\b(?:the|an?|my|your|our|their|and|or|but|because|if|than|very|every|"
    r"(?:i|you|we|they|he|she|it|that|there)'(?:m|re|ve|ll|d)|"
    r"(?:and|or|but|because|if|so|that|when|what) (?:i|you|we|they|he|she|it))|[,;:(–-])\s*$",
    re.IGNORECASE,
)


def broken_off(text: str) -> str:
    """The end of a message that stops where nobody would; empty if it doesn't."""
    found = _LEFT_OPEN.search(text.replace("’", "'"))
    if found:
        return found.group().strip()
    return '"' if text.count('"') % 2 or text.count("“") != text.count("”") else ""


def called(name: str) -> re.Pattern[str]:
    """The customer's own name used to call somebody: "Thanks, Dean", "I see, Dean."."""
    own = re.escape(name)
    return re.compile(
        rf"\b(?:hi|hello|hey|thanks|thank you|cheers|sorry|dear|ok|okay|right|well|listen|look|yes|"
        rf"no|please|but|so),? {own}\b|,\s*{own}\s*(?:[.!?,]|$)|(?:^|[.!?]\s+){own}[,!?]",
        re.IGNORECASE | re.MULTILINE,
    )


FILLER = re.compile(
    r"(?:(?:oh|ah|well|right|ok|okay|yes|yeah|yep|no|nope|so|and|but|then|fine|good|sure|look|listen|"
    r"really|honestly|please|sorry|hm+|thanks|thank|you|ta|cheers|great|i|see|do|it|that|is|thats|"
    r"enough|again|now|still|what|why|how|seriously|exactly|true|alright|all|not|anyway|mind)\s*)+",
    re.IGNORECASE,
)
"""Short sentences of nothing but these words say nothing that could be beside the point."""

NEGATED = re.compile(
    r"\b(?:no|not|never|nobody|nothing|none|nowhere|neither|nor|without|hardly|cannot|"
    r"(?:can|won|don|doesn|didn|isn|aren|wasn|weren|haven|hasn|hadn|shouldn|wouldn|couldn|ain|"
    r"mustn|needn)'?t)\b",
    re.IGNORECASE,
)
"""Words that turn a statement round."""
