using System.Reflection;

namespace Lazykick.Cli.Output;

/// <summary>The version of this program, with the commit that it was built from.</summary>
internal static class ProductVersion
{
    /// <summary>For example <c>0.1.0+3ac1e8b</c>: what one build finds, another need not.</summary>
    public static string Text { get; } =
        typeof(ProductVersion)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion
        ?? "";
}
