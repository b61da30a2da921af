/** What somebody is after who asks for a ranking; where nobody said, "explore". */

export const INTENTS = ["debug", "refactor", "extend", "explore"] as const;
export type Intent = typeof INTENTS[number];
