package dev.cleanbreak.bench;

import java.util.List;
import java.util.Map;

/**
 * All that a run has found out.
 *
 * @param command how it was started
 * @param machine the facts of {@link Machine}
 */
record Report(String command, Map<String, String> machine, Plan plan, List<Entry> entries) {
  /** A scene and its result. */
  record Entry(Scene scene, SceneResult result) {}

  List<Goal> goals() {
    return entries.stream().flatMap(entry -> entry.scene().goals(entry.result()).stream()).toList();
  }

  String markdown() {
    StringBuilder text = new StringBuilder();
    machine.forEach(
        (name, fact) -> text.append("- ").append(name).append(": ").append(fact).append('\n'));
    text.append("- Command: `").append(command).append("`\n");
    text.append(
        "- Up to %d rounds of %s s for each variant, after %d to warm up%n%n"
            .formatted(plan.rounds(), plan.slice().toMillis() / 1e3, plan.warmups()));
    if (plan.quick()) {
      text.append(
          "**A smoke run: it shows that the benchmarks work; its figures mean nothing.**\n\n");
    }
    if (!goals().isEmpty()) {
      text.append("### Goals\n\n").append(goalTable().markdown()).append('\n');
    }
    for (Entry entry : entries) {
      text.append("### ").append(entry.scene().title()).append("\n\n");
      if (!entry.result().notes().isEmpty()) {
        text.append(String.join(" ", entry.result().notes())).append("\n\n");
      }
      text.append(entry.scene().table(entry.result()).markdown()).append('\n');
    }
    return text.toString();
  }

  private Table goalTable() {
    Table table = new Table("goal", "measured", "verdict", "where");
    for (Goal goal : goals()) {
      table.row(goal.text(), goal.measured(), goal.verdict(), goal.scene());
    }
    return table;
  }
}
