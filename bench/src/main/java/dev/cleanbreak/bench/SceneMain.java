package dev.cleanbreak.bench;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs one scene in this JVM and prints its result for the JVM that started it. */
final class SceneMain {
  private SceneMain() {}

  /** Arguments: the name of the scene, then a plan. */
  public static void main(String[] arguments) throws Exception {
    Scene scene = Scenes.named(arguments[0]);
    Plan plan = Plan.of(List.of(arguments).subList(1, arguments.length));
    SceneResult result = scene.run(plan, new Progress(scene.name()));
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    result.toLines().forEach(out::println);
    System.exit(0);
  }
}
