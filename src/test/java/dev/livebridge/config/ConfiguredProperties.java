package dev.livebridge.config;

import static java.util.Objects.requireNonNull;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** All settings that the service knows, as its {@code @ConfigMapping} interfaces declare them. */
public final class ConfiguredProperties {

    /**
     * A setting.
     *
     * @param name {@code livebridge.session.max-per-instance}
     * @param defaultValue as it is written in the interface
     */
    public record Property(String name, Optional<String> defaultValue) {

        /** The environment variable that sets it. */
        public String variable() {
            return name.replaceAll("[^a-zA-Z0-9]", "_").toUpperCase(Locale.ROOT);
        }
    }

    private static final List<Property> ALL = Stream.of(LivebridgeConfig.class, SimulatorConfig.class)
            .flatMap(type -> properties(
                    requireNonNull(type.getAnnotation(ConfigMapping.class)).prefix(), type))
            .toList();

    private ConfiguredProperties() {}

    /** Every setting. */
    public static List<Property> all() {
        return ALL;
    }

    /** The setting of that name, which must exist. */
    public static Property byName(String name) {
        return ALL.stream()
                .filter(property -> property.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no setting " + name));
    }

    /** The environment variables of all settings, sorted; {@code *} stands for the key of a map. */
    static Stream<String> variables() {
        return Stream.of(LivebridgeConfig.class, SimulatorConfig.class)
                .flatMap(type -> variables(
                        requireNonNull(type.getAnnotation(ConfigMapping.class)).prefix(), type))
                .map(name -> name.replaceAll("[^a-zA-Z0-9*]", "_").toUpperCase(Locale.ROOT))
                .sorted();
    }

    private static Stream<String> variables(String prefix, Class<?> type) {
        return Stream.of(type.getDeclaredMethods()).flatMap(method -> {
            String property = prefix + "." + name(method);
            Class<?> result = method.getReturnType();
            if (isGroup(result)) {
                return variables(property, result);
            }
            if (method.getGenericReturnType() instanceof ParameterizedType map && map.getRawType() == Map.class) {
                return variables(property + ".\"*\"", (Class<?>) map.getActualTypeArguments()[1]);
            }
            return Stream.of(property);
        });
    }

    private static Stream<Property> properties(String prefix, Class<?> type) {
        return Stream.of(type.getDeclaredMethods()).flatMap(method -> {
            String property = prefix + "." + name(method);
            Class<?> result = method.getReturnType();
            if (isGroup(result)) {
                return properties(property, result);
            }
            WithDefault value = method.getAnnotation(WithDefault.class);
            return Stream.of(new Property(property, Optional.ofNullable(value).map(WithDefault::value)));
        });
    }

    /** Whether a method's result is a group of settings: an interface of this package. */
    static boolean isGroup(Class<?> result) {
        return result.isInterface() && result.getPackageName().equals(LivebridgeConfig.class.getPackageName());
    }

    private static String name(Method method) {
        WithName name = method.getAnnotation(WithName.class);
        return name == null ? method.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT) : name.value();
    }
}
