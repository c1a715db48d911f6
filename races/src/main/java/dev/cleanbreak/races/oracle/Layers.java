package dev.cleanbreak.races.oracle;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All layers, in the order in which they are run. */
final class Layers {
  private static final Duration PATIENT = Duration.ofSeconds(20);
  private static final Duration IMPATIENT = Duration.ofMillis(5);

  private final Stand stand;
  private final List<Layer> all = new ArrayList<>();

  private Layers(Stand stand) {
    this.stand = stand;
  }

  static List<Layer> all(Stand stand) throws IOException {
    Layers layers = new Layers(stand);
    layers.streams();
    layers.orders();
    for (Tls tls : Tls.values()) {
      layers.tls(tls);
    }
    layers.controls();
    return List.copyOf(layers.all);
  }

  // ---- plain and stream layers

  private void streams() {
    out("out", Layers::nothing, WritingApp.Stream::plain);
    out("buffered-out", Layers::nothing, WritingApp.Stream::buffered);
    out("data-out", Layers::nothing, WritingApp.Data::over);
    out("writer", Layers::writers, WritingApp.Text::encoder);
    out("buffered-writer", Layers::writers, WritingApp.Text::buffered);
    out("native-out", Layers::nothing, WritingApp.Native::carrying);
    out("native-exact", Layers::exact, WritingApp.Native::exact);
    in("in", Layers::nothing, ReadingApp.Stream::plain);
    in("buffered-in", Layers::nothing, ReadingApp.Stream::buffered);
    in("data-in", Layers::nothing, ReadingApp.Data::over);
    in("reader", Layers::nothing, ReadingApp.Text::decoder);
    in("buffered-reader", Layers::readByCharacter, ReadingApp.Text::buffered);
    in("native-in", Layers::nothing, ReadingApp.Native::over);
  }

  private void out(String id, Layer.Skips skips, WritingApp.Factory factory) {
    add(id, Layer.Side.OUT, null, Places.plain(), skips, new Writing(factory));
  }

  private void in(String id, Layer.Skips skips, ReadingApp.Factory factory) {
    add(id, Layer.Side.IN, null, Places.plain(), skips, new Reading(factory));
  }

  private static @Nullable String readByCharacter(
      Mode mode, Way way, Moment moment, int length, int offset) {
    return length > 2 * Tls.RECORD ? "too long to be read by the character: see reader" : null;
  }

  private static @Nullable String writers(
      Mode mode, Way way, Moment moment, int length, int offset) {
    if (mode == Mode.DEFAULT) {
      return "a writer cannot be restarted when a write throws: see control-writer";
    }
    // What was written before a cut at entry may still be in the writer.
    int gone = moment == Moment.ENTRY ? 0 : offset;
    return length + Attempt.TRAILER - gone > Stand.CARRY
        ? "the carry is full, so even a carry-always write throws: see control-writer"
        : null;
  }

  private static @Nullable String exact(Mode mode, Way way, Moment moment, int length, int offset) {
    return mode == Mode.CARRY_ALWAYS ? "writeFully never carries: the mode does not matter" : null;
  }

  // ---- orders of calls

  private void orders() {
    add("write-then-only-read", Layer.Side.OUT, null, Places.within(), owing(), new RequestReply());
    add("write-then-close", Layer.Side.OUT, null, Places.within(), owing(), new CloseOwing(true));
    all.add(
        new Layer(
            "write-then-close-jammed",
            Layer.Side.OUT,
            null,
            false,
            IMPATIENT,
            Places.within(),
            owing().or(Layers::staysJammed),
            new CloseOwing(false)));
    all.add(
        new Layer(
            "never-paid",
            Layer.Side.OUT,
            null,
            false,
            IMPATIENT,
            Places.within(),
            owing().or(Layers::staysJammed),
            new NeverPaid()));
  }

  private static Layer.Skips owing() {
    return (mode, way, moment, length, offset) -> {
      if (moment == Moment.ENTRY) {
        return "nothing is owed when a write is cut at entry";
      }
      if (way == Way.CLOSE) {
        return "a close drops the tail of the write that it cuts: see out";
      }
      return length - offset > Stand.CARRY ? "the tail does not fit into the carry: see out" : null;
    };
  }

  private static @Nullable String staysJammed(
      Mode mode, Way way, Moment moment, int length, int offset) {
    return moment == Moment.AFTER_READY ? "the link has opened, so the peer is paid" : null;
  }

  // ---- TLS

  private void tls(Tls tls) throws IOException {
    String id = tls.id();
    Places places = Places.under(tls);
    add(
        id + "-out",
        Layer.Side.OUT,
        tls,
        places,
        Layers::nothing,
        new Writing(WritingApp.Stream::plain));
    add(
        id + "-in",
        Layer.Side.IN,
        tls,
        places,
        Layers::nothing,
        new Reading(ReadingApp.Stream::plain));
    for (Layer.Side side : Layer.Side.values()) {
      boolean out = side == Layer.Side.OUT;
      Layer.Skips once = Layers::onceAtEntry;
      Layer.Skips skips = out ? once.or(Layers::noTimeoutOfFlight) : once;
      if (out && !tls.isJdk()) {
        skips = skips.or(Layers::flightsDoNotWait);
      }
      int bytes = Handshaking.bytes(stand, tls, out);
      all.add(
          new Layer(
              id + "-handshake-" + Ids.of(side),
              side,
              tls,
              true,
              PATIENT,
              Places.every(bytes, 0, bytes - 1),
              skips,
              new Handshaking(out)));
    }
  }

  private static @Nullable String noTimeoutOfFlight(
      Mode mode, Way way, Moment moment, int length, int offset) {
    return way == Way.TIMEOUT
        ? "the write timeout limits the carried flight as well, and then no reply can come"
        : null;
  }

  private static @Nullable String flightsDoNotWait(
      Mode mode, Way way, Moment moment, int length, int offset) {
    return moment == Moment.ENTRY || moment == Moment.SYSCALL
        ? null
        : "a flight does not wait for room, it is carried";
  }

  private static @Nullable String onceAtEntry(
      Mode mode, Way way, Moment moment, int length, int offset) {
    return moment == Moment.ENTRY && offset > 0
        ? "a handshake has one entry: the cell at offset 0 is it"
        : null;
  }

  // ---- negative controls

  private void controls() {
    control("control-writer", Layer.Side.OUT, Places.at(0, 1, 5, 500, 8191), Controls::writer);
    control(
        "control-objects",
        Layer.Side.OUT,
        Places.at(Controls.BLOCK_HEADER, 2, 5, 255),
        Controls::objects);
    control("control-read-int", Layer.Side.IN, Places.every(4, 1, 3), Controls::readInt);
    control("control-read-fully", Layer.Side.IN, Places.every(100, 1, 99), Controls::readFully);
    control("control-read-chars", Layer.Side.IN, Places.every(4, 2, 2), Controls::readChars);
    control("control-read-line", Layer.Side.IN, Places.every(100, 1, 99), Controls::readLine);
  }

  private void control(String id, Layer.Side side, Places places, Procedure procedure) {
    Layer.Skips skips =
        (mode, way, moment, length, offset) -> {
          if (mode == Mode.CARRY_ALWAYS && side == Layer.Side.OUT) {
            return "a carry-always write does not throw, so nothing is lost: see writer";
          }
          if (way == Way.CLOSE) {
            return "nobody goes on after a close";
          }
          if (moment == Moment.ENTRY && offset > 0) {
            return "nothing has begun at entry, so nothing is lost";
          }
          return moment == Moment.AFTER_READY || moment == Moment.SYSCALL
              ? "the call may succeed, and then nothing is lost"
              : null;
        };
    add(id, side, null, places, skips, procedure);
  }

  private void add(
      String id,
      Layer.Side side,
      @Nullable Tls tls,
      Places places,
      Layer.Skips skips,
      Procedure procedure) {
    all.add(new Layer(id, side, tls, false, PATIENT, places, skips, procedure));
  }

  private static @Nullable String nothing(
      Mode mode, Way way, Moment moment, int length, int offset) {
    return null;
  }
}
