package dev.cleanbreak.agent;

import dev.cleanbreak.agent.Probe.Point;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Weaves with ASM, on Java 17 to 23. {@code ClassFileWeaver} is its twin for later ones. */
final class AsmWeaver implements Weaver {
  private static final int API = Opcodes.ASM9;

  @Override
  public byte[] weave(byte[] original, List<Probe> probes, Set<Probe> found) {
    ClassReader reader = new ClassReader(original);
    ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
    reader.accept(new Type(writer, probes, found), ClassReader.EXPAND_FRAMES);
    return writer.toByteArray();
  }

  private static final class Type extends ClassVisitor {
    private final List<Probe> probes;
    private final Set<Probe> found;

    /** The descriptors of its fields: all are seen before the first method. */
    private final Map<String, String> fields = new HashMap<>();

    private String name = "";

    Type(ClassVisitor next, List<Probe> probes, Set<Probe> found) {
      super(API, next);
      this.probes = probes;
      this.found = found;
    }

    @Override
    public void visit(
        int version,
        int access,
        String internalName,
        @Nullable String signature,
        @Nullable String superName,
        String @Nullable [] interfaces) {
      name = internalName;
      super.visit(version, access, internalName, signature, superName, interfaces);
    }

    @Override
    public FieldVisitor visitField(
        int access,
        String field,
        String descriptor,
        @Nullable String signature,
        @Nullable Object value) {
      fields.put(field, descriptor);
      return super.visitField(access, field, descriptor, signature, value);
    }

    @Override
    public MethodVisitor visitMethod(
        int access,
        String method,
        String descriptor,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      MethodVisitor visitor = super.visitMethod(access, method, descriptor, signature, exceptions);
      if ((access & (Opcodes.ACC_STATIC | Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) == 0) {
        for (Probe probe : probes) {
          if (probe.stands(method, descriptor)) {
            visitor = new Method(visitor, probe, this);
          }
        }
      }
      return visitor;
    }
  }

  private static final class Method extends MethodVisitor {
    private final Probe probe;
    private final Type type;
    private final Label start = new Label();
    private boolean entered;

    Method(MethodVisitor next, Probe probe, Type type) {
      super(API, next);
      this.probe = probe;
      this.type = type;
    }

    @Override
    public void visitCode() {
      super.visitCode();
      if (probe.point() == Point.THROWN) {
        visitLabel(start);
      }
    }

    /** The first one: from there on the probe's frame has a line in stack traces. */
    @Override
    public void visitLineNumber(int line, Label label) {
      super.visitLineNumber(line, label);
      if (!entered) {
        entered = true;
        if (probe.point() == Point.ENTRY) {
          key();
          hook();
        } else if (probe.point() == Point.ENTRY_WITH_ARGUMENT) {
          key();
          super.visitVarInsn(Opcodes.ALOAD, 1);
          hook();
        }
      }
    }

    @Override
    public void visitInsn(int opcode) {
      if (opcode == Opcodes.ICONST_M1 && probe.point() == Point.MINUS_ONE) {
        ended();
      } else if (opcode >= Opcodes.IRETURN
          && opcode <= Opcodes.RETURN
          && probe.point() == Point.RETURN) {
        key();
        hook();
      }
      super.visitInsn(opcode);
    }

    @Override
    public void visitLdcInsn(Object value) {
      if (value.equals(-1L) && probe.point() == Point.MINUS_ONE) {
        ended();
      }
      super.visitLdcInsn(value);
    }

    @Override
    public void visitFieldInsn(int opcode, String owner, String field, String descriptor) {
      super.visitFieldInsn(opcode, owner, field, descriptor);
      if (opcode == Opcodes.PUTFIELD
          && field.equals("readEOF")
          && probe.point() == Point.READ_EOF) {
        ended();
      }
    }

    private void ended() {
      key();
      address(probe.local());
      address(probe.remote());
      hook();
    }

    /** The last handler of all: what the method itself catches never comes here. */
    @Override
    public void visitMaxs(int maxStack, int maxLocals) {
      if (probe.point() == Point.THROWN) {
        Label handler = new Label();
        super.visitTryCatchBlock(start, handler, handler, null);
        super.visitLabel(handler);
        super.visitFrame(
            Opcodes.F_NEW, 1, new Object[] {type.name}, 1, new Object[] {"java/lang/Throwable"});
        // Exception; exception, key; key, exception; the hook takes all but the first.
        super.visitInsn(Opcodes.DUP);
        key();
        super.visitInsn(Opcodes.SWAP);
        address(probe.local());
        address(probe.remote());
        hook();
        super.visitInsn(Opcodes.ATHROW);
      }
      super.visitMaxs(maxStack, maxLocals);
    }

    private void key() {
      field(probe.key() == null ? Probe.THIS : probe.key());
    }

    private void address(@Nullable String field) {
      if (field == null || !(field.equals(Probe.THIS) || type.fields.containsKey(field))) {
        super.visitInsn(Opcodes.ACONST_NULL);
      } else {
        field(field);
      }
    }

    private void field(String field) {
      super.visitVarInsn(Opcodes.ALOAD, 0);
      if (!field.equals(Probe.THIS)) {
        String descriptor =
            Objects.requireNonNull(type.fields.get(field), () -> type.name + "." + field);
        super.visitFieldInsn(Opcodes.GETFIELD, type.name, field, descriptor);
      }
    }

    private void hook() {
      type.found.add(probe);
      super.visitMethodInsn(
          Opcodes.INVOKESTATIC, RECORDER, probe.hook(), probe.hookDescriptor(), false);
    }
  }
}
