package dev.cleanbreak.drivers;

import java.util.List;

/**
 * What a {@link PoolStorm} has shown.
 *
 * @param cuts made while a statement ran
 * @param saidTrue exceptions that named the cut that was made
 * @param saidFalse exceptions that did not
 * @param cancelled statements that the server ended because it was asked to
 * @param refused statements that were not sent, because their scope was cut before
 * @param broken statements that ended with a broken connection
 * @param replaced connections that the pool had to open in the place of others
 * @param handedOutDead connections that were closed already when the pool handed them out
 * @param healthy connections of the pool that answered at the end, of {@link PoolStorm#CONNECTIONS}
 * @param leaked connections that never came back to the pool, or that the server still has after
 *     the pool's end
 * @param wrongRows rows that were lost, written twice, or there against the server's word
 * @param failures what went wrong; nothing, if all is well
 */
public record PoolStormResult(
    long statements,
    long cuts,
    long saidTrue,
    long saidFalse,
    long cancelled,
    long refused,
    long broken,
    long replaced,
    long handedOutDead,
    int healthy,
    long leaked,
    long wrongRows,
    List<Throwable> failures) {}
