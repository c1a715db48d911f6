/**
 * What is known of a call that was cut. {@link dev.cleanbreak.report.CutRecord} holds it, {@link
 * dev.cleanbreak.report.JsonLinesWriter} and {@link dev.cleanbreak.report.JsonLinesReader} carry it
 * from one process to another.
 */
@NullMarked
package dev.cleanbreak.report;

import org.jspecify.annotations.NullMarked;
