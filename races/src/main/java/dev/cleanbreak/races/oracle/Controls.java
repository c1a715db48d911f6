package dev.cleanbreak.races.oracle;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.ObjectOutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The layers that cannot be restarted, cut where they lose their place. Here the loss must show:
 * where it does not, either the oracle is blind or the contract says too little.
 */
final class Controls {
  private Controls() {}

  /** What an object stream writes in front of a block of up to 255 bytes. */
  static final int BLOCK_HEADER = 2;

  private static void mustBeCut(Attempt attempt, Attempt.Work work) {
    IOException thrown = attempt.inCutScope(work);
    Broken.unless(thrown != null, "nothing was thrown");
  }

  /** A flush that is cut forgets the characters: the next flush has nothing to write. */
  static Outcome writer(Attempt attempt) throws IOException {
    Rig rig = attempt.rig();
    Gate gate = rig.link().out;
    long start = gate.passed();
    String text = new String(attempt.data(), 0, attempt.cell().length(), StandardCharsets.UTF_8);
    OutputStreamWriter out = new OutputStreamWriter(rig.out(), StandardCharsets.UTF_8);
    out.write(text);
    jam(attempt, gate, attempt.cell().offset());
    mustBeCut(attempt, out::flush);
    gate.open();
    attempt.afterwards(out::flush);
    Broken.unless(gate.passed() == start, "the characters have not been lost");
    return Outcome.LOST;
  }

  /** A flush that is cut between the header of a block and its bytes repeats the header. */
  static Outcome objects(Attempt attempt) throws IOException {
    Rig rig = attempt.rig();
    Gate gate = rig.link().out;
    ObjectOutputStream out = new ObjectOutputStream(rig.out());
    byte[] block = Arrays.copyOf(attempt.data(), attempt.cell().length());
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    try (ObjectOutputStream uncut = new ObjectOutputStream(whole)) {
      uncut.write(block);
    }
    out.write(block);
    gate.jamAfter(BLOCK_HEADER, attempt.trap());
    mustBeCut(attempt, out::flush);
    gate.open();
    attempt.afterwards(out::flush);
    byte[] expected = whole.toByteArray();
    byte[] got = rig.peerIn().readNBytes(expected.length);
    Broken.unless(!Arrays.equals(expected, got), "the header has not been repeated");
    return Outcome.LOST;
  }

  /** What was read of an integer before the cut is gone. */
  static Outcome readInt(Attempt attempt) throws IOException {
    Rig rig = attempt.rig();
    byte[] sent = {1, 2, 3, 4, 5, 6, 7, 8};
    rig.peerOut().write(sent);
    jam(attempt, rig.link().in, attempt.cell().offset());
    DataInputStream in = new DataInputStream(rig.in());
    mustBeCut(attempt, in::readInt);
    rig.link().in.open();
    int[] read = new int[1];
    attempt.afterwards(() -> read[0] = in.readInt());
    Broken.unless(read[0] != 0x01020304, "the beginning of the integer has not been lost");
    return Outcome.LOST;
  }

  /** What was read into the array before the cut is in the array, but nobody knows how much. */
  static Outcome readFully(Attempt attempt) throws IOException {
    Rig rig = attempt.rig();
    int length = attempt.cell().length();
    byte[] message = Arrays.copyOf(attempt.data(), length);
    rig.peerOut().write(message);
    rig.peerOut().write(new byte[length]);
    jam(attempt, rig.link().in, attempt.cell().offset());
    DataInputStream in = new DataInputStream(rig.in());
    byte[] got = new byte[length];
    mustBeCut(attempt, () -> in.readFully(got));
    rig.link().in.open();
    attempt.afterwards(() -> in.readFully(got));
    Broken.unless(!Arrays.equals(message, got), "the beginning has not been lost");
    return Outcome.LOST;
  }

  /**
   * A reader says that it is ready when it has a part of a character. A buffered reader believes it
   * and waits for the rest, with characters in its caller's array that a cut makes it forget.
   */
  static Outcome readChars(Attempt attempt) throws IOException {
    Rig rig = attempt.rig();
    rig.peerOut().write("x\u00e9yz".getBytes(StandardCharsets.UTF_8));
    jam(attempt, rig.link().in, attempt.cell().offset());
    BufferedReader in = new BufferedReader(new InputStreamReader(rig.in(), StandardCharsets.UTF_8));
    char[] chars = new char[attempt.cell().length()];
    mustBeCut(attempt, () -> in.read(chars));
    rig.link().in.open();
    attempt.afterwards(() -> in.read(chars));
    Broken.unless(chars[0] != 'x', "the character before the cut has not been lost");
    return Outcome.LOST;
  }

  /** What was read of a line before the cut is gone. */
  static Outcome readLine(Attempt attempt) throws IOException {
    Rig rig = attempt.rig();
    String line = "x".repeat(attempt.cell().length() - 1);
    rig.peerOut().write((line + "\nanother\n").getBytes(StandardCharsets.US_ASCII));
    jam(attempt, rig.link().in, attempt.cell().offset());
    BufferedReader in =
        new BufferedReader(new InputStreamReader(rig.in(), StandardCharsets.US_ASCII));
    mustBeCut(attempt, in::readLine);
    rig.link().in.open();
    String[] read = new String[1];
    attempt.afterwards(() -> read[0] = in.readLine());
    Broken.unless(!line.equals(read[0]), "the beginning of the line has not been lost");
    return Outcome.LOST;
  }

  private static void jam(Attempt attempt, Gate gate, int offset) {
    if (attempt.cell().moment() != Moment.ENTRY) {
      gate.jamAfter(offset, attempt.trap());
    }
  }
}
