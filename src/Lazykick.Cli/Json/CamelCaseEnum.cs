using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lazykick.Cli.Json;

/// <summary>Values of an enum as the names of the fields are spelled: <c>stateLimit</c>, <c>leaveEqs</c>.</summary>
internal sealed class CamelCaseEnum<T>()
    : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;
