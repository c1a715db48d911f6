package dev.cleanbreak.cli.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cleanbreak.CancelScope;
import dev.cleanbreak.CancelledIOException;
import dev.cleanbreak.CleanSocket;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import jdk.jfr.Recording;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command; the page itself is tried in the module report. */
@Timeout(60)
class ReportCommandTest {
  private static final String JVM =
      """
      {"type":"jvm","v":1,"time":"2026-11-24T16:00:00.000000Z","pid":7,"main":"A","java":"17",\
      "host":"h","agent":"0.1","coverage":{"found":["a#b"],"missing":[]}}
      """;
  private static final String CUT =
      """
      {"type":"cut","v":1,"time":"2026-11-24T16:00:01.000000Z","id":1,"verdict":"timer",\
      "certainty":"certain","expected":false,"evidence":[],"sentence":"s","victim":{"thread":\
      {"name":"w","id":3,"virtual":false},"operation":"read","stack":[]},"chain":[{"act":"close",\
      "thread":{"name":"t","id":4,"virtual":false},"beforeNanos":5,"stack":[],"code":{"class":"C",\
      "method":"m","file":"C.java","line":9,"jar":"c-1.jar","coordinates":["g:c:1"],\
      "told":"manifest"}}]}
      """;

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path recording;
  private Path page;

  @BeforeEach
  void write() throws Exception {
    recording = Files.writeString(folder.resolve("cuts.jsonl"), JVM + CUT + CUT);
    page = folder.resolve("page.html");
  }

  private int report(Object... words) {
    CommandLine line = new CommandLine(new ReportCommand());
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    String[] arguments = new String[words.length + 2];
    arguments[0] = "--out";
    arguments[1] = page.toString();
    for (int i = 0; i < words.length; i++) {
      arguments[i + 2] = words[i].toString();
    }
    return line.execute(arguments);
  }

  @Test
  void makesThePageAndSumsUp() throws Exception {
    assertEquals(0, report(folder), err::toString);
    assertEquals("", err.toString());
    assertTrue(out.toString().startsWith("2 calls cut, 0 orderly closes"), out::toString);
    assertTrue(out.toString().contains("2  C.m(C.java:9) in c-1.jar (g:c:1)"), out::toString);
    assertTrue(Files.readString(page).contains("\"c-1.jar\""));
  }

  @Test
  void sumsUpAsJson() {
    assertEquals(0, report("--json", recording));
    assertTrue(out.toString().contains("\"cutsByCode\" : 2"), out::toString);
    assertFalse(out.toString().contains("page:"), out::toString);
  }

  @Test
  void ofATruncatedRecordingThePageHasTheRest() throws Exception {
    Files.writeString(recording, JVM + CUT + CUT.substring(0, 90));
    assertEquals(0, report(recording));
    assertTrue(out.toString().startsWith("1 call cut"), out::toString);
    assertTrue(err.toString().contains("cuts.jsonl, line 3: "), err::toString);
  }

  @Test
  void whatIsNoRecordingIsNamedAndTheOthersAreUsed() throws Exception {
    Path foreign = Files.writeString(folder.resolve("notes.txt"), "hello");
    assertEquals(1, report(foreign, folder.resolve("none"), recording));
    assertTrue(err.toString().contains("notes.txt is no recording of cuts ("), err::toString);
    assertTrue(err.toString().contains("there is no file "), err::toString);
    assertTrue(Files.exists(page));
  }

  @Test
  void aPageThatCannotBeWrittenIsSaid() {
    page = folder.resolve("nowhere").resolve("page.html");
    assertEquals(1, report(recording));
    assertTrue(err.toString().contains("has no folder to be in"), err::toString);
    page = folder;
    assertEquals(1, report(recording));
    assertTrue(err.toString().contains("is a folder"), err::toString);
  }

  /** Cleanbreak's own sockets tell Flight Recorder of their cuts, and need no agent. */
  @Test
  void readsTheCutsOfCleanbreaksSocketsFromFlightRecorder() throws Exception {
    recording = folder.resolve("app.jfr");
    try (Recording recorder = new Recording();
        ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      recorder.enable("dev.cleanbreak.Cut");
      recorder.enable("jdk.JVMInformation");
      recorder.start();
      try (CleanSocket socket = new CleanSocket()) {
        socket.connect(server.getLocalSocketAddress());
        CancelScope scope = CancelScope.open("job 17");
        scope.cancel("enough");
        assertThrows(
            CancelledIOException.class, () -> scope.run(() -> socket.getInputStream().read()));
      }
      recorder.dump(recording);
    }
    assertEquals(0, report(recording), err::toString);
    assertTrue(out.toString().startsWith("1 call cut"), out::toString);
    assertTrue(out.toString().contains("ReportCommandTest."), out::toString);
    String html = Files.readString(page);
    assertTrue(html.contains("cancelled (scope \\\"job 17\\\"): enough; by thread"), html);
  }
}
