/** The small pieces of a call, measured alone with JMH: {@code ./cleanbreak pieces}. */
@org.jspecify.annotations.NullMarked
package dev.cleanbreak.bench.pieces;
