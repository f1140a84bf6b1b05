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

{{- /* A step's image: its own, or REGISTRY/PREFIXstep:TAG. */ -}}
{{- define "clipmill.image" -}}
{{- $own := get (get .root.Values.steps .step | default dict) "image" -}}
{{- if $own -}}
{{ $own }}
{{- else -}}
{{- with .root.Values.images.registry }}{{ trimSuffix "/" . }}/{{ end -}}
{{ .root.Values.images.prefix }}{{ .step }}:{{ .root.Values.images.tag | default .root.Chart.AppVersion }}
{{- end -}}
{{- end }}

{{- define "clipmill.priorityClass" -}}
{{- if .Values.priorityClass.name -}}
{{ .Values.priorityClass.name }}
{{- else if .Values.priorityClass.create -}}
clipmill-{{ .Release.Namespace }}
{{- end -}}
{{- end }}

{{- define "clipmill.storePort" -}}
{{- if contains ":" .Values.storage.endpoint }}{{ .Values.storage.endpoint | splitList ":" | last }}{{ end -}}
{{- end }}
