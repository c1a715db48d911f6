package dev.cleanbreak.agent;

import dev.cleanbreak.report.Certainty;
import dev.cleanbreak.report.Verdict;
import java.util.List;

/**
 * A verdict with its reasons.
 *
 * @param expected whether it is part of an orderly end
 * @param evidence a sentence each
 */
record Judgement(Verdict verdict, Certainty certainty, boolean expected, List<String> evidence) {}
