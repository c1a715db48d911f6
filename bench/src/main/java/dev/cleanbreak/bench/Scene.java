package dev.cleanbreak.bench;

import java.util.List;

/**
 * One comparison: some variants that do the same work. A scene has a JVM of its own, in which all
 * its variants run; so no scene spoils what the compiler has learned in another one, and a ratio is
 * always between two that ran side by side in one process.
 */
interface Scene {
  /** Begins with the name of its family, as {@code pingpong-64B-platform}. */
  String name();

  String title();

  /** More arguments for the JVM of the scene. */
  default List<String> jvmArguments() {
    return List.of();
  }

  SceneResult run(Plan plan, Progress progress) throws Exception;

  Table table(SceneResult result);

  /** The goals that this scene decides. */
  List<Goal> goals(SceneResult result);
}
