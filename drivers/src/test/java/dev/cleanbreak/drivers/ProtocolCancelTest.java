package dev.cleanbreak.drivers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cleanbreak.CutException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class ProtocolCancelTest {
  private static final ProtocolCancel BY_PROTOCOL = ProtocolCancel.within(Duration.ofSeconds(10));

  static List<Arguments> everyWay() {
    List<Arguments> ways = new ArrayList<>();
    for (Client client : Client.values()) {
      for (Cutter cutter : Cutter.values()) {
        for (ThreadKind kind : ThreadKind.values()) {
          ways.add(Arguments.of(client, cutter, kind));
        }
      }
    }
    return ways;
  }

  @ParameterizedTest
  @MethodSource("everyWay")
  void aCutBecomesTheServersOwnErrorAndTheConnectionLives(
      Client client, Cutter cutter, ThreadKind kind) throws Exception {
    try (Connection connection = client.connect();
        Connection onlooker = client.connect();
        Statement statement = connection.createStatement()) {
      long id = Client.number(connection, client.id());
      Victim victim =
          new Victim(
              kind, () -> BY_PROTOCOL.call(statement, () -> statement.execute(client.sleep(61))));
      Conditions.await(
          "the statement runs", () -> Client.number(onlooker, client.running("(61")) == 1);

      victim.cut(cutter);

      SQLException said = assertInstanceOf(SQLException.class, victim.ended());
      assertTrue(client.saysCancelled(said), said::toString);
      CutException cut = assertInstanceOf(CutException.class, said.getSuppressed()[0]);
      assertEquals(cutter.kind(), cut.cut().kind());
      assertEquals(cutter == Cutter.INTERRUPT, victim.wasInterrupted());
      assertFalse(connection.isClosed());
      assertEquals(id, Client.number(connection, client.id()));
      assertEquals(0, Client.number(onlooker, client.running("(61")));
    }
  }
}
