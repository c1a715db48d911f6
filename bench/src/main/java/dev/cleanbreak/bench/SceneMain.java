package dev.cleanbreak.bench;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs one scene in this JVM and prints its result for the JVM that started it. */
final class SceneMain {
  private SceneMain() {}

  /** Arguments: the name of the scene, then a plan. */
  public static void main(String[] arguments) {
    int status = 0;
    try {
      run(List.of(arguments));
    } catch (Throwable t) {
      t.printStackTrace();
      status = 1;
    }
    // Threads of the peers may be left that would keep this JVM.
    System.exit(status);
  }

  private static void run(List<String> arguments) throws Exception {
    Scene scene = Scenes.named(arguments.getFirst());
    Plan plan = Plan.of(arguments.subList(1, arguments.size()));
    SceneResult result = scene.run(plan, new Progress(scene.name()));
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    result.toLines().forEach(out::println);
  }
}
