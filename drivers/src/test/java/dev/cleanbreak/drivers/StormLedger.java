package dev.cleanbreak.drivers;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The rows that the storm writes, and what it was told of each. */
final class StormLedger {
  private final AtomicInteger next = new AtomicInteger();
  private final Set<Integer> written = ConcurrentHashMap.newKeySet();
  private final Set<Integer> refused = ConcurrentHashMap.newKeySet();

  StormLedger(Connection onlooker) throws SQLException {
    try (Statement statement = onlooker.createStatement()) {
      statement.execute("drop table if exists storm");
      // No key: a row written twice must show.
      statement.execute("create table storm (id int)");
    }
  }

  int nextId() {
    return next.incrementAndGet();
  }

  /** The client was told that the row is there. */
  void isWritten(int id) {
    written.add(id);
  }

  /** The client was told by the server that the row is not there. */
  void isRefused(int id) {
    refused.add(id);
  }

  List<Throwable> check(Connection onlooker) throws SQLException {
    List<Throwable> wrong = new ArrayList<>();
    Set<Integer> rows = new HashSet<>();
    try (Statement statement = onlooker.createStatement();
        ResultSet result = statement.executeQuery("select id from storm")) {
      while (result.next()) {
        int id = result.getInt(1);
        if (!rows.add(id)) {
          wrong.add(new AssertionError("row written twice: " + id));
        }
        if (refused.contains(id)) {
          wrong.add(new AssertionError("row is there, and the server said no: " + id));
        }
      }
    }
    for (int id : written) {
      if (!rows.contains(id)) {
        wrong.add(new AssertionError("row lost: " + id));
      }
    }
    return wrong;
  }
}
