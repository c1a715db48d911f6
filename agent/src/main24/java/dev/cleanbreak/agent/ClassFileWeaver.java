package dev.cleanbreak.agent;

import dev.cleanbreak.agent.Probe.Point;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.FieldModel;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Weaves with the JDK's own library, on Java 24 and later. {@code AsmWeaver} is its older twin. */
final class ClassFileWeaver implements Weaver {
  private static final ClassDesc RECORDER_CLASS = ClassDesc.ofInternalName(RECORDER);

  @Override
  public byte[] weave(byte[] original, List<Probe> probes, Set<Probe> found) {
    ClassFile library = ClassFile.of();
    ClassModel model = library.parse(original);
    Type type = new Type(model, found);
    ClassTransform all = ClassTransform.ACCEPT_ALL;
    for (Probe probe : probes) {
      all =
          all.andThen(
              ClassTransform.transformingMethods(
                  method -> isPlaceOf(probe, method), type.weaving(probe)));
    }
    return library.transformClass(model, all);
  }

  private static boolean isPlaceOf(Probe probe, MethodModel method) {
    return !method.flags().has(AccessFlag.STATIC)
        && method.code().isPresent()
        && probe.stands(method.methodName().stringValue(), method.methodType().stringValue());
  }

  private static final class Type {
    private final ClassDesc name;
    private final Map<String, ClassDesc> fields = new HashMap<>();
    private final Set<Probe> found;

    Type(ClassModel model, Set<Probe> found) {
      name = model.thisClass().asSymbol();
      for (FieldModel field : model.fields()) {
        fields.put(field.fieldName().stringValue(), field.fieldTypeSymbol());
      }
      this.found = found;
    }

    MethodTransform weaving(Probe probe) {
      return (builder, element) -> {
        if (element instanceof CodeModel code) {
          builder.transformCode(code, new Method(probe, this));
        } else {
          builder.with(element);
        }
      };
    }
  }

  private static final class Method implements CodeTransform {
    private final Probe probe;
    private final Type type;
    private @Nullable Label start;
    private boolean entered;

    Method(Probe probe, Type type) {
      this.probe = probe;
      this.type = type;
    }

    @Override
    public void atStart(CodeBuilder code) {
      if (probe.point() == Point.THROWN) {
        start = code.newBoundLabel();
      }
    }

    @Override
    public void accept(CodeBuilder code, CodeElement element) {
      if (isMinusOne(element) && probe.point() == Point.MINUS_ONE) {
        ended(code);
      } else if (element instanceof ReturnInstruction && probe.point() == Point.RETURN) {
        key(code);
        hook(code);
      }
      code.with(element);
      if (element instanceof LineNumber && !entered) {
        entered = true;
        enter(code);
      } else if (element instanceof FieldInstruction field
          && field.opcode() == Opcode.PUTFIELD
          && field.name().equalsString("readEOF")
          && probe.point() == Point.READ_EOF) {
        ended(code);
      }
    }

    private static boolean isMinusOne(CodeElement element) {
      if (element instanceof ConstantInstruction constant) {
        ConstantDesc value = constant.constantValue();
        return value.equals(-1) || value.equals(-1L);
      }
      return false;
    }

    /** After the first line number: from there on the probe's frame has a line in stack traces. */
    private void enter(CodeBuilder code) {
      if (probe.point() == Point.ENTRY) {
        key(code);
        hook(code);
      } else if (probe.point() == Point.ENTRY_WITH_ARGUMENT) {
        key(code);
        hook(code.aload(1));
      }
    }

    private void ended(CodeBuilder code) {
      key(code);
      address(code, probe.local());
      address(code, probe.remote());
      hook(code);
    }

    /** The last handler of all: what the method itself catches never comes here. */
    @Override
    public void atEnd(CodeBuilder code) {
      if (probe.point() == Point.THROWN) {
        Label handler = code.newBoundLabel();
        code.exceptionCatchAll(Objects.requireNonNull(start), handler, handler);
        // Exception; exception, key; key, exception; the hook takes all but the first.
        code.dup();
        key(code);
        code.swap();
        address(code, probe.local());
        address(code, probe.remote());
        hook(code);
        code.athrow();
      }
    }

    private void key(CodeBuilder code) {
      field(code, probe.key() == null ? Probe.THIS : probe.key());
    }

    private void address(CodeBuilder code, @Nullable String field) {
      if (field == null || !(field.equals(Probe.THIS) || type.fields.containsKey(field))) {
        code.aconst_null();
      } else {
        field(code, field);
      }
    }

    private void field(CodeBuilder code, String field) {
      code.aload(0);
      if (!field.equals(Probe.THIS)) {
        ClassDesc descriptor =
            Objects.requireNonNull(type.fields.get(field), () -> type.name + "." + field);
        code.getfield(type.name, field, descriptor);
      }
    }

    private void hook(CodeBuilder code) {
      type.found.add(probe);
      code.invokestatic(
          RECORDER_CLASS, probe.hook(), MethodTypeDesc.ofDescriptor(probe.hookDescriptor()));
    }
  }
}
