using Lazykick;

namespace WebFile;

/// <summary>
/// How the library goes into a container. It is in the sample and not in the package, so that the package depends on
/// nothing.
/// </summary>
internal static class RcuServiceCollectionExtensions
{
    /// <summary>A domain that the host ends after everything that uses it; stalls and pressure go to the log.</summary>
    public static IServiceCollection AddRcuDomain(this IServiceCollection services, string name) =>
        services.AddSingleton(provider =>
        {
            var log = provider.GetRequiredService<ILoggerFactory>().CreateLogger("Lazykick");
            return new RcuDomain(
                new RcuDomainOptions
                {
                    Name = name,
                    OnStall = stall => log.LogWarning("{Stall}", stall),
                    OnPressure = pressure =>
                        log.LogWarning(
                            "{Pending} retired resources wait in {Domain}",
                            pressure.Pending,
                            pressure.Domain
                        ),
                    OnCallbackException = exception => log.LogError(exception, "closing a retired resource failed"),
                }
            );
        });

    /// <summary>
    /// The mapped file, which the container disposes before its domain: in the reverse order of creation.
    /// </summary>
    public static IServiceCollection AddMappedFile(this IServiceCollection services, string path) =>
        services.AddSingleton(provider => new MappedFileSlot(provider.GetRequiredService<RcuDomain>(), path));
}
