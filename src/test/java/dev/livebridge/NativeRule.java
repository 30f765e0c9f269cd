package dev.livebridge;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.io.ObjectInputStream;
import java.lang.management.ManagementFactory;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A JVM feature that a native executable lacks or that needs registration. Each rule lists the classes that may use the
 * feature because they work without it, and a violation that the rule must find.
 */
enum NativeRule {
    /** Oracle's and the JDK's own beans, and every look-up of a bean: each may be unknown to the runtime. */
    MANAGEMENT_BEANS(
            "java\\.lang\\.management\\.ManagementFactory\\.(?!get(Runtime|Memory|Thread|OperatingSystem)MXBean$).*",
            "(com\\.sun|jdk|sun)\\.management\\..*|javax\\.management\\..*",
            Set.of("dev.livebridge.telemetry.PlatformBeans", "dev.livebridge.telemetry.ProcessMeters"),
            AsksForABean.class),
    /** Attaching to a process, flight recordings, agents, the compiler: parts of a JDK. */
    TOOLS_OF_THE_JDK(
            "",
            "com\\.sun\\.(tools|jdi)\\..*|jdk\\.(jfr|internal|net)\\..*|java\\.lang\\.instrument\\..*|javax\\.(tools|script)\\..*|java\\.rmi\\..*|sun\\..*",
            Set.of(),
            RecordsItself.class),
    /** Quarkus disables the registration of all services: a provider must be registered. */
    SERVICES("", "java\\.util\\.ServiceLoader(\\$.*)?", Set.of(), LoadsServices.class),
    /** Names that are computed, looked up in a closed world. */
    REFLECTION(
            "java\\.lang\\.Class\\.(forName|newInstance|get(Declared)?(Method|Field|Constructor)s?|getRecordComponents)"
                    + "|java\\.lang\\.reflect\\.(Method\\.invoke|Constructor\\.newInstance|Proxy\\..*|Field\\.[gs]et\\w*)"
                    + "|java\\.lang\\.ClassLoader\\.(loadClass|defineClass)"
                    + "|java\\.lang\\.invoke\\.MethodHandles\\$Lookup\\.(find|unreflect|define).*"
                    + "|java\\.lang\\.System\\.load(Library)?",
            "java\\.io\\.Object(In|Out)putStream|java\\.util\\.ResourceBundle",
            // Registers the class of its only method.
            Set.of("dev.livebridge.gemini.VertxWebSockets"),
            FindsByName.class),
    /**
     * Resources other than by {@code Class.getResourceAsStream}, whose files are compared with what is included: the
     * rest lists them, or takes them for files.
     */
    RESOURCES(
            "java\\.lang\\.Class\\.getResource|java\\.lang\\.ClassLoader\\.(get(System)?Resource\\w*|resources)"
                    + "|java\\.lang\\.Module\\.getResourceAsStream",
            "",
            Set.of(),
            OpensAResource.class),
    /** Libraries read system properties in static initialisers, some of which ran when the executable was built. */
    SYSTEM_PROPERTIES_SET(
            "java\\.lang\\.System\\.(set|clear)Propert(y|ies)|java\\.lang\\.System\\.getProperties",
            "",
            Set.of("dev.livebridge.load.NettyProperties"),
            SetsAProperty.class),
    /** A native executable has no java.home, no class path, and other names in java.vm. */
    SYSTEM_PROPERTIES_READ(
            "java\\.lang\\.(System\\.getProperty|Integer\\.getInteger|Long\\.getLong|Boolean\\.getBoolean)",
            "",
            Set.of(),
            ReadsAProperty.class);

    private final Pattern calls;
    private final Pattern types;

    @SuppressWarnings("ImmutableEnumChecker") // made by Set.of
    private final Set<String> doWithout;

    private final Class<?> offender;

    NativeRule(String calls, String types, Set<String> doWithout, Class<?> offender) {
        this.calls = Pattern.compile(calls);
        this.types = Pattern.compile(types);
        this.doWithout = doWithout;
        this.offender = offender;
    }

    /** A class that violates the rule. */
    Class<?> offender() {
        return offender;
    }

    /** Names of the exempt classes. */
    Set<String> doWithout() {
        return doWithout;
    }

    /** The violations of each class, without the permitted classes. */
    Set<String> violations(Iterable<JavaClass> classes) {
        Set<String> found = new TreeSet<>();
        for (JavaClass type : classes) {
            if (!doWithout.contains(type.getName())) {
                found.addAll(uses(type));
            }
        }
        return found;
    }

    /** The violations of this class. */
    Set<String> uses(JavaClass type) {
        Set<String> found = new TreeSet<>();
        for (JavaAccess<?> access : type.getAccessesFromSelf()) {
            String called = access.getTargetOwner().getName() + "." + access.getName();
            if (calls.matcher(called).matches()) {
                found.add(type.getName() + " uses " + called);
            }
        }
        for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
            String used = dependency.getTargetClass().getBaseComponentType().getName();
            if (types.matcher(used).matches()) {
                found.add(type.getName() + " uses " + used);
            }
        }
        return found;
    }

    @SuppressWarnings("unused")
    private static final class AsksForABean {

        private final Object server = ManagementFactory.getPlatformMBeanServer();
    }

    private static final class RecordsItself extends jdk.jfr.Event {}

    @SuppressWarnings("unused")
    private static final class LoadsServices {

        private final Object services = ServiceLoader.load(Runnable.class);
    }

    @SuppressWarnings("unused")
    private static final class FindsByName {

        Class<?> find(String name) throws ClassNotFoundException {
            return Class.forName(name);
        }

        Object read(ObjectInputStream in) throws ReflectiveOperationException, java.io.IOException {
            return in.readObject();
        }
    }

    @SuppressWarnings("unused")
    private static final class OpensAResource {

        private final Object folder = OpensAResource.class.getResource("/simulator");
    }

    @SuppressWarnings("unused")
    private static final class SetsAProperty {

        void set() {
            System.setProperty("io.netty.noUnsafe", "true");
        }
    }

    @SuppressWarnings("unused")
    private static final class ReadsAProperty {

        private final String home = System.getProperty("java.home");
    }
}
