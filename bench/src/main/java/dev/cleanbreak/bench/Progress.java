package dev.cleanbreak.bench;

/** Tells on standard error how far the run is; standard output belongs to the results. */
final class Progress {
  private final String scene;

  Progress(String scene) {
    this.scene = scene;
  }

  void say(String what) {
    System.err.println("bench: " + scene + ": " + what);
  }
}
