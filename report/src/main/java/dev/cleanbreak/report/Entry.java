package dev.cleanbreak.report;

/** One line of a recording. */
public sealed interface Entry permits JvmRecord, CutRecord, DroppedRecord {}
