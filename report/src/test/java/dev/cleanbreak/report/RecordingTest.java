package dev.cleanbreak.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are recordings, and files that are not. */
class RecordingTest {
  @TempDir private Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("cuts.jsonl"), text);
  }

  private static String lines(Entry... entries) {
    StringBuilder lines = new StringBuilder();
    for (Entry entry : entries) {
      lines.append(JsonLinesWriter.line(entry)).append('\n');
    }
    return lines.toString();
  }

  @Test
  void aJvmsLineBeginsARecording() throws Exception {
    JvmRecord one = Sample.jvm(1, "One");
    JvmRecord two = Sample.jvm(2, "Two");
    CutRecord cut = Sample.otherCuts().get(0);
    List<Recording> read = Recording.read(file(lines(one, cut, two, cut, cut)));
    assertEquals(List.of(one, two), read.stream().map(each -> each.jvm()).toList());
    assertEquals(List.of(cut), read.get(0).cuts());
    assertEquals(List.of(cut, cut), read.get(1).cuts());
  }

  @Test
  void whatIsCutOffIsToldAndTheRestIsRead() throws Exception {
    String whole = lines(Sample.jvm(1, "One"), Sample.otherCuts().get(0));
    Recording read = Recording.read(file(whole + "{\"type\":\"cut\",\"v\":1,\"id\":")).get(0);
    assertEquals(1, read.cuts().size());
    assertEquals(1, read.problems().size());
    assertTrue(read.problems().get(0).startsWith("line 3: "), read.problems()::toString);
  }

  @Test
  void otherFilesAreForeign() throws Exception {
    assertForeign("", "it is empty");
    assertForeign("import java.util.List;\n", "line 1: no JSON");
    assertForeign("{\"hello\":\"world\"}\n", "line 1: ");
  }

  private void assertForeign(String text, String why) throws IOException {
    Path file = file(text);
    IOException foreign = assertThrows(ForeignFileException.class, () -> Recording.read(file));
    assertTrue(foreign.getMessage().startsWith(why), foreign::getMessage);
  }

  @Test
  void aFlightRecorderFileWithoutCutsIsReadAndOneThatIsCutOffIsForeign() throws Exception {
    Path file = folder.resolve("app.jfr");
    try (jdk.jfr.Recording recorder = new jdk.jfr.Recording()) {
      recorder.enable("jdk.JVMInformation");
      recorder.start();
      recorder.dump(file);
    }
    Recording read = Recording.read(file).get(0);
    assertEquals(ProcessHandle.current().pid(), read.jvm().pid());
    assertEquals(List.of(), read.cuts());

    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    assertThrows(ForeignFileException.class, () -> Recording.read(file));
  }
}
