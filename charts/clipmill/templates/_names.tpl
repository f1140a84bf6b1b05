{{- define "clipmill.labels" -}}
app.kubernetes.io/name: clipmill
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "clipmill.metadata" -}}
name: {{ .name }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "clipmill.labels" .root | nindent 2 }}
{{- end }}

{{- /*
The image of a step: the one in its values, or REGISTRY/PREFIXstep:TAG. A step with an engine that has
an environment of its own runs in that environment's image.
*/ -}}
{{- define "clipmill.image" -}}
{{- $own := get (get .root.Values.steps .step | default dict) "image" -}}
{{- if $own -}}
{{ $own }}
{{- else -}}
{{- with .root.Values.images.registry }}{{ trimSuffix "/" . }}/{{ end -}}
{{- $engines := include "clipmill.engines" . | fromJson -}}
{{ .root.Values.images.prefix }}{{ $engines.environment | default .step }}:{{ .root.Values.images.tag | default .root.Chart.AppVersion }}
{{- end -}}
{{- end }}

{{- define "clipmill.priorityClass" -}}
{{- if .Values.priorityClass.name -}}
{{ .Values.priorityClass.name }}
{{- else if .Values.priorityClass.create -}}
clipmill-{{ .Release.Namespace }}
{{- end -}}
{{- end }}

{{- /* The ports of your own store; empty for a store that is a public host. */ -}}
{{- define "clipmill.storePorts" -}}
{{- $storage := .Values.storage -}}
{{- if .Values.networkPolicy.storePorts -}}
{{ toJson .Values.networkPolicy.storePorts }}
{{- else if contains ":" $storage.endpoint -}}
[{{ $storage.endpoint | splitList ":" | last }}]
{{- else if $storage.insecure -}}
[80]
{{- else -}}
[]
{{- end -}}
{{- end }}
