/**
 * Residual-collection evaluation: a ranking judged only on what was not known before it.
 *
 * Known items are taken out of the collection, relevant and irrelevant ones alike, and the rest keep their order; relevant are the
 * relevant items among the rest. A ranker is then neither paid for what was known nor charged for putting it first. Source: Chang,
 * Cirillo & Razon, "Evaluation of feedback retrieval using modified freezing, residual collection and test and control groups", in
 * Salton (ed.), The SMART Retrieval System, 1971.
 */

/**
 * 1-based ranks, in the residual collection, of some of its items.
 *
 * @param scores one an item, in tie order: of equal scores the earlier item ranks higher
 * @param left 1 for every item of the residual collection, 0 for items taken out; as long as scores
 * @param relevant positions of the items whose rank is wanted
 * @throws {RangeError} when the lengths differ, a score is NaN, or a wanted item was taken out or is not there
 */
export function residualRanks(
  scores: ArrayLike<number>,
  left: ArrayLike<number>,
  relevant: ArrayLike<number>,
): number[] {
  if (scores.length !== left.length) {
    throw new RangeError(
      `Cannot rank ${scores.length} scores by a mask of ${left.length}: equal lengths are wanted`,
    );
  }
  return Array.from(relevant, (item) => {
    const own = scores[item];
    if (own === undefined || Number.isNaN(own) || !left[item]) {
      throw new RangeError(
        `Cannot rank item ${item}: its score is ${own} and it is ${
          left[item] ? "" : "not "
        }in the residual collection; ` +
          "a number of an item that is left is wanted",
      );
    }
    let rank = 1;
    for (let i = 0; i < scores.length; i++) {
      if (left[i] && (scores[i]! > own || (scores[i]! === own && i < item))) rank++;
    }
    return rank;
  });
}
