package dev.cleanbreak.agent;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import org.junit.jupiter.api.Test;

/** A close by leaving a block and one that somebody wrote are told apart, in one method. */
class TryBlocksTest {
  /** Says where it was closed from. */
  private static final class Resource extends StringReader {
    private StackTraceElement from;

    Resource() {
      super("");
    }

    @Override
    public void close() {
      super.close();
      from = new Throwable().getStackTrace()[1];
    }
  }

  private final Resource left = new Resource();
  private final Resource written = new Resource();

  private void both() throws IOException {
    try (Resource resource = left) {
      resource.ready();
    }
    written.close();
  }

  @Test
  void theEndOfABlockIsOneAndAWrittenCloseIsNone() throws IOException {
    both();
    assertTrue(isLeaving(left.from), "" + left.from);
    assertFalse(isLeaving(written.from), "" + written.from);
  }

  private static boolean isLeaving(StackTraceElement frame) throws IOException {
    try (InputStream in = TryBlocksTest.class.getResourceAsStream("TryBlocksTest.class")) {
      return TryBlocks.leavesOne(in.readAllBytes(), frame.getMethodName(), frame.getLineNumber());
    }
  }
}
