package dev.cleanbreak.agent;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Finds whether a line leaves a try-with-resources. The compiler writes two closes of the resource,
 * one for the normal way and one that adds what it throws to the exception that is under way. So a
 * close of a variable that has such a twin in the same method is one that nobody wrote.
 */
final class TryBlocks extends ClassVisitor {
  private static final int API = Opcodes.ASM9;

  private final String method;
  private final int line;
  private boolean leaves;

  private TryBlocks(String method, int line) {
    super(API);
    this.method = method;
    this.line = line;
  }

  /** Whether that line of that method closes a resource by leaving its block. */
  static boolean leavesOne(byte[] classFile, String method, int line) {
    TryBlocks blocks = new TryBlocks(method, line);
    try {
      new ClassReader(classFile).accept(blocks, ClassReader.SKIP_FRAMES);
    } catch (IllegalArgumentException e) {
      return false; // Of a later Java than ASM knows.
    }
    return blocks.leaves;
  }

  @Override
  public @Nullable MethodVisitor visitMethod(
      int access,
      String name,
      String descriptor,
      @Nullable String signature,
      String @Nullable [] exceptions) {
    return name.equals(method) ? new Closes() : null;
  }

  private final class Closes extends MethodVisitor {
    /** A close that is not followed by addSuppressed so soon was no twin. */
    private static final int MOST_BETWEEN = 8;

    private final Set<Integer> closedAtLine = new HashSet<>();
    private final Set<Integer> twins = new HashSet<>();
    private int currentLine;
    private int lastLoaded = -1;
    private int lastClosed = -1;
    private int sinceClose;

    Closes() {
      super(API);
    }

    @Override
    public void visitLineNumber(int number, Label start) {
      currentLine = number;
    }

    @Override
    public void visitVarInsn(int opcode, int variable) {
      sinceClose++;
      if (opcode == Opcodes.ALOAD) {
        lastLoaded = variable;
      }
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String descriptor, boolean isInterface) {
      sinceClose++;
      if (name.equals("close") && descriptor.equals("()V")) {
        lastClosed = lastLoaded;
        sinceClose = 0;
        if (currentLine == line) {
          closedAtLine.add(lastLoaded);
        }
      } else if (name.equals("addSuppressed") && sinceClose < MOST_BETWEEN) {
        twins.add(lastClosed);
      }
    }

    @Override
    public void visitEnd() {
      closedAtLine.retainAll(twins);
      leaves |= !closedAtLine.isEmpty();
    }
  }
}
