/** Runs the races and the storms. */
@org.jspecify.annotations.NullMarked
package dev.cleanbreak.races;
