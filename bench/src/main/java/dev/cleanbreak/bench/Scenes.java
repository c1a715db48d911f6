package dev.cleanbreak.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;

/** All scenes, in the order in which they run. */
final class Scenes {
  private Scenes() {}

  static List<Scene> all() {
    List<Scene> all = new ArrayList<>();
    all.addAll(PingPong.all());
    all.add(new Allocation());
    all.addAll(OneWay.all());
    all.addAll(Crowd.all());
    all.addAll(Lateness.all());
    all.addAll(Cut.all());
    all.add(new Connect());
    all.add(new Serving());
    all.addAll(Drivers.all());
    all.add(new Storm());
    all.addAll(Idle.all());
    return all;
  }

  static Scene named(String name) {
    return all().stream()
        .filter(scene -> scene.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new NoSuchElementException("no scene " + name));
  }

  /** The one of this name, or else those whose name begins with it. */
  static List<Scene> under(String name) {
    List<Scene> named = all().stream().filter(scene -> scene.name().equals(name)).toList();
    return named.isEmpty()
        ? all().stream().filter(scene -> scene.name().startsWith(name)).toList()
        : named;
  }
}
