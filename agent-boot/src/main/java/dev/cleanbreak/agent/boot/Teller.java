package dev.cleanbreak.agent.boot;

/** Puts a cut into words. */
@FunctionalInterface
public interface Teller {
  /** One sentence: who cut the call, when and where. Called by any thread, more than once. */
  String sentence(Cut cut);
}
