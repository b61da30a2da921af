/** When a usage limit resets, from what the tool said. */

/**
 * Seconds since the epoch at which the window opens again, or undefined when the message does not say.
 *
 * Understood are "...|1750000000" and "resets 4pm (Europe/Berlin)", "resets at 16:30 (UTC)": the next such time of day in
 * that zone after `now_s`. A clock time without a zone is not guessed at.
 */
export function resetOfProse(message: string, now_s: number): number | undefined {
  const epoch = message.match(/\|\s*(\d{10})\b/);
  if (epoch) return Number(epoch[1]);
  const clock = message.match(
    /resets?(?: at)? (\d{1,2})(?::(\d{2}))?\s*(am|pm)?\s*\(([A-Za-z_]+(?:\/[A-Za-z_+-]+)*)\)/i,
  );
  if (!clock) return undefined;
  const [, hours, minutes, half, zone] = clock;
  let hour = Number(hours) % (half ? 12 : 24);
  if (half?.toLowerCase() === "pm") hour += 12;
  const local = localMinutes(now_s, zone!);
  if (local === undefined) return undefined;
  const wanted = hour * 60 + Number(minutes ?? 0);
  const ahead = (wanted - local + 24 * 60 - 1) % (24 * 60) + 1;
  return Math.floor(now_s / 60) * 60 + ahead * 60;
}

/** Minutes since midnight in a zone; undefined for a zone nobody knows. */
function localMinutes(now_s: number, timeZone: string): number | undefined {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-GB", {
      timeZone,
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
  } catch {
    return undefined;
  }
  const [hour, minute] = format.format(now_s * 1000).split(":").map(Number);
  return hour! * 60 + minute!;
}
