package dev.cleanbreak.report;

import java.time.Instant;

/**
 * Cuts that have no line of their own, because there were too many.
 *
 * @param time when they were counted
 * @param count how many since the last such line for the same reason
 * @param why the limit that they were over, in words
 */
public record DroppedRecord(Instant time, long count, String why) implements Entry {}
