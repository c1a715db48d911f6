package dev.cleanbreak.agent;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** An agent that gets in the way: under it no exception keeps a suppressed one. */
public final class SilencerAgent implements ClassFileTransformer {
  private SilencerAgent() {}

  public static void premain(String options, Instrumentation instrumentation) throws Exception {
    instrumentation.addTransformer(new SilencerAgent(), true);
    instrumentation.retransformClasses(Throwable.class);
  }

  @Override
  public byte[] transform(
      ClassLoader loader, String name, Class<?> type, ProtectionDomain domain, byte[] bytes) {
    if (!"java/lang/Throwable".equals(name)) {
      return null;
    }
    ClassReader reader = new ClassReader(bytes);
    ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
    reader.accept(new Silencing(writer), 0);
    return writer.toByteArray();
  }

  private static final class Silencing extends ClassVisitor {
    Silencing(ClassVisitor next) {
      super(Opcodes.ASM9, next);
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      MethodVisitor method = super.visitMethod(access, name, descriptor, signature, exceptions);
      if (!name.equals("addSuppressed")) {
        return method;
      }
      method.visitCode();
      method.visitInsn(Opcodes.RETURN);
      method.visitMaxs(0, 0);
      method.visitEnd();
      return null;
    }
  }
}
