package dev.cleanbreak.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cleanbreak.report.Certainty;
import dev.cleanbreak.report.Code;
import dev.cleanbreak.report.CutRecord;
import dev.cleanbreak.report.DroppedRecord;
import dev.cleanbreak.report.Entry;
import dev.cleanbreak.report.JvmRecord;
import dev.cleanbreak.report.Told;
import dev.cleanbreak.report.Verdict;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.objectweb.asm.ClassReader;

/** One trouble a program, with the agent's jar as users have it. */
class TroubleJarTest {
  private static final long MOST_BYTES = 400 * 1024;

  @TempDir Path folder;

  /** What a program left behind. */
  private record Left(List<String> out, String err, List<Entry> entries) {
    List<CutRecord> cuts() {
      List<CutRecord> cuts = new ArrayList<>();
      for (Entry entry : entries) {
        if (entry instanceof CutRecord cut) {
          cuts.add(cut);
        }
      }
      return cuts;
    }

    CutRecord onlyCut() {
      assertEquals(1, cuts().size(), () -> "" + entries);
      return cuts().get(0);
    }
  }

  private Left run(int java, String trouble, String... options) throws Exception {
    Path file = folder.resolve("out.jsonl");
    List<String> all = new ArrayList<>(List.of(options));
    all.add(Program.agent("out=" + file));
    return run(java, trouble, file, all);
  }

  private static Left run(int java, String trouble, Path file, List<String> options)
      throws Exception {
    try (Program program =
        new Program(java, options, TroubleMain.class, trouble, file.toString())) {
      return left(program, file);
    }
  }

  private static Left left(Program program, Path file) throws Exception {
    List<String> out = program.linesUntil("done");
    assertEquals(0, program.end(), program.errors());
    List<Entry> entries = Files.exists(file) ? Program.entries(file) : List.of();
    return new Left(out, program.errors(), entries);
  }

  @Test
  void theJarIsSmall() throws IOException {
    assertTrue(Files.size(Program.AGENT) <= MOST_BYTES, Files.size(Program.AGENT) + " bytes");
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 25})
  void theFirstLineTellsTheJvmAndThatEveryProbeStands(int java) throws Exception {
    JvmRecord jvm = (JvmRecord) run(java, "close").entries().get(0);
    assertEquals(List.of(), jvm.missing());
    assertTrue(jvm.found().contains("java.lang.Thread#interrupt"), () -> "" + jvm.found());
    assertTrue(jvm.java().startsWith("" + java), jvm.java());
    assertEquals(TroubleMain.class.getName(), jvm.main());
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 25})
  void theJarOfWhoCutIsNamedWithItsCoordinates(int java) throws Exception {
    Path jar = acmeJar();
    Path file = folder.resolve("jar.jsonl");
    try (Program program =
        Program.withClassPath(
            java, List.of(Program.agent("out=" + file)), jar, TroubleMain.class, "jar")) {
      List<String> out = program.linesUntil("done");
      assertEquals(0, program.end(), program.errors());
      CutRecord cut = Program.cuts(file).get(0);
      Code code = cut.chain().get(0).code();
      assertEquals("print-driver-1.4.jar", code.jar());
      assertEquals(List.of("com.acme:print-driver:1.4"), code.coordinates());
      assertEquals(Told.POM_PROPERTIES, code.told());
      assertTrue(
          cut.sentence().contains("in print-driver-1.4.jar (com.acme:print-driver:1.4)"),
          cut.sentence());
      assertEquals(cut.sentence(), out.get(1), "the exception says the same");
      assertTrue(out.get(2).contains("com.acme.Cutter.run"), out.get(2));
      assertEquals("target/test-classes/", cut.chain().get(0).origin().jar());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 25})
  void aTryWithResourcesOfAnotherThreadIsKnownByItsCode(int java) throws Exception {
    CutRecord cut = run(java, "try-with-resources").onlyCut();
    assertEquals(Verdict.OTHER_THREAD_TRY_WITH_RESOURCES, cut.verdict());
    assertEquals(Certainty.LIKELY, cut.certainty());
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 25})
  void aStormOfInterruptsIsCountedAndKeepsNoMemory(int java) throws Exception {
    Left left = run(java, "storm");
    long interrupts = Long.parseLong(left.out().get(0));
    long usedMegabytes = Long.parseLong(left.out().get(1));
    assertTrue(interrupts > 100_000, "interrupts: " + interrupts);
    assertTrue(usedMegabytes < 64, "MB: " + usedMegabytes);
    long dropped =
        left.entries().stream()
            .filter(DroppedRecord.class::isInstance)
            .mapToLong(entry -> ((DroppedRecord) entry).count())
            .sum();
    assertTrue(dropped > 0, "dropped: " + dropped);
    assertTrue(left.cuts().size() <= 100, "lines: " + left.cuts().size());
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 25})
  void whatAShutdownClosesIsExpectedAndStillTold(int java) throws Exception {
    CutRecord cut = run(java, "shutdown").onlyCut();
    assertEquals(Verdict.SHUTDOWN_HOOK, cut.verdict());
    assertTrue(cut.expected());
    assertEquals("app-shutdown", cut.chain().get(0).thread().name());
  }

  @Test
  void theExceptionThatFlightRecorderPutsInTheWayHasItsCulprit() throws Exception {
    Left left =
        run(
            17,
            "masked",
            "-XX:StartFlightRecording=filename=" + folder.resolve("a.jfr"),
            "-Xlog:jfr+startup=off");
    assertTrue(left.out().contains("java.nio.channels.ClosedChannelException"), "" + left.out());
    assertTrue(left.out().toString().contains("culprit 0 platform"), "" + left.out());
    CutRecord cut = left.cuts().get(0);
    assertEquals(Verdict.INTERRUPT, cut.verdict());
    assertEquals("java.nio.channels.ClosedByInterruptException", cut.victim().exception());
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 25})
  void whereNobodyCutsNobodyIsAccused(int java) throws Exception {
    assertEquals(List.of(), run(java, "none").cuts());
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 25})
  void onTheBootClassPathItWorksAndTheJvmSaysNothing(int java) throws Exception {
    Left left = run(java, "close", "-Xbootclasspath/a:" + Program.AGENT);
    assertEquals(Verdict.CLOSE, left.onlyCut().verdict());
    assertEquals("", left.err());
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 25})
  void ifAnotherAgentIsInTheWayItSaysSoAndGoes(int java) throws Exception {
    Path jar = silencerJar();
    Path file = folder.resolve("silenced.jsonl");
    List<String> options = List.of("-javaagent:" + jar, Program.agent("out=" + file));
    Path asm = Program.jarOf(ClassReader.class);
    Left left;
    try (Program program = Program.withClassPath(java, options, asm, TroubleMain.class, "close")) {
      left = left(program, file);
    }
    assertTrue(
        left.err()
            .contains(
                "cleanbreak: no agent: self-test: the culprit did not arrive with a read on a"
                    + " socket; the program runs on without it"),
        left.err());
    assertEquals(List.of(), left.entries());
    assertEquals(List.of("java.net.SocketException: Socket closed"), left.out());
  }

  @Test
  void whatCannotBeDoneIsOneLineAndTheProgramRuns() throws Exception {
    Map<String, String> troubles =
        Map.of(
            "color=red",
            "option \"color\" is not known; known are out, log, and undo by attaching",
            "log=loud",
            "option \"log\" is \"loud\"; it can be off, stderr or logger",
            "out=" + folder.resolve("no/such/folder"),
            "cannot write " + folder.resolve("no/such/folder") + " (NoSuchFileException)");
    for (Map.Entry<String, String> trouble : troubles.entrySet()) {
      Left left =
          run(25, "close", folder.resolve("none"), List.of(Program.agent(trouble.getKey())));
      String line =
          "cleanbreak: no agent: " + trouble.getValue() + "; the program runs on without it\n";
      assertTrue(left.err().endsWith(line), left.err());
      assertEquals(List.of("java.net.SocketException: Socket closed"), left.out());
    }
  }

  @Test
  void theLogNamesTheCulpritInALine() throws Exception {
    Left left = run(17, "close", folder.resolve("none"), List.of(Program.agent("log=stderr")));
    assertTrue(left.err().contains("none missing"), left.err());
    assertTrue(
        left.err().contains("read of thread \"victim 0 platform\" cut by thread \"culprit"),
        left.err());
    assertFalse(left.err().contains("not told"), left.err());
  }

  private Path acmeJar() throws IOException {
    Path source = Files.createDirectories(folder.resolve("acme")).resolve("Cutter.java");
    Files.writeString(
        source,
        """
        package com.acme;

        public final class Cutter implements Runnable {
          private final AutoCloseable victim;

          public Cutter(AutoCloseable victim) {
            this.victim = victim;
          }

          @Override
          public void run() {
            try {
              victim.close();
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          }
        }
        """);
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "--release",
                "17",
                "-d",
                source.getParent().toString(),
                source.toString());
    assertEquals(0, status);
    return jar(
        "print-driver-1.4.jar",
        new Manifest(),
        Map.of(
            "com/acme/Cutter.class",
            Files.readAllBytes(source.resolveSibling("com/acme/Cutter.class")),
            "META-INF/maven/com.acme/print-driver/pom.properties",
            "groupId=com.acme\nartifactId=print-driver\nversion=1.4\n".getBytes()));
  }

  private Path silencerJar() throws IOException {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.putValue("Premain-Class", SilencerAgent.class.getName());
    attributes.putValue("Can-Retransform-Classes", "true");
    return jar("silencer.jar", manifest, Map.of());
  }

  private Path jar(String name, Manifest manifest, Map<String, byte[]> entries) throws IOException {
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    Path jar = folder.resolve(name);
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream zip = new JarOutputStream(out, manifest)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new JarEntry(entry.getKey()));
        zip.write(entry.getValue());
      }
    }
    return jar;
  }
}
